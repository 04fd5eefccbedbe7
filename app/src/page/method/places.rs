//! Where the fields of a method stand on its page: a problem that is found elsewhere leads to the one that has it.

use super::line::PATH;
use super::problems::tab_of;
use crate::route::{Route, segment};
use crate::ui::pairs::field_of_row;

/// How the address of a page names the field that it leads to.
pub const FIELD: &str = "field";

/// The tabs of the request stand before those of its result.
pub(super) const PANEL: &str = ".method [role=\"tabpanel\"]";

/// The page of a method, with the field to mend.
pub fn address(integration: &str, method: &str, field: &str) -> String {
    let page = Route::Method {
        integration: integration.to_owned(),
        method: method.to_owned(),
    };
    let tab = tab_of(field).map(|tab| format!("tab={tab}&"));
    let tab = tab.unwrap_or_default();
    format!("{page}?{tab}{FIELD}={}", segment(field))
}

/// The part of the page that shows a field, as a selector; nothing for what is no field of it.
pub(super) fn part(field: &str) -> Option<String> {
    let (name, rest) = field.split_at(field.find(['.', '[']).unwrap_or(field.len()));
    Some(match name {
        "path" => format!("#{PATH}"),
        "query" => field_of_row(PANEL, "Query parameters", rest),
        "headers" => field_of_row(PANEL, "Headers", rest),
        "body" => match rest.strip_prefix(".fields") {
            Some(rest) => field_of_row(PANEL, "Form fields", rest),
            None if rest == ".text" => format!("{PANEL} textarea"),
            None => PANEL.to_owned(),
        },
        _ => tab_of(field).map(|_| PANEL.to_owned())?,
    })
}

#[cfg(test)]
mod tests {
    use super::{PANEL, address, part};

    #[test]
    fn a_problem_leads_to_the_tab_and_the_field_that_has_it() {
        let below = |rest: &str| Some(format!("{PANEL} {rest}"));
        for (field, query, selector) in [
            ("path", "field=path", Some("#method-path".to_owned())),
            (
                "query[0].value",
                "tab=query&field=query%5B0%5D.value",
                below(".pairs[aria-label=\"Query parameters\"] > :nth-child(2) .input ~ .input"),
            ),
            (
                "headers[1].name",
                "tab=headers&field=headers%5B1%5D.name",
                below(".pairs[aria-label=\"Headers\"] > :nth-child(3) .input"),
            ),
            ("body.text", "tab=body&field=body.text", below("textarea")),
            ("body", "tab=body&field=body", Some(PANEL.to_owned())),
            (
                "body.fields[2].value",
                "tab=body&field=body.fields%5B2%5D.value",
                below(".pairs[aria-label=\"Form fields\"] > :nth-child(4) .input ~ .input"),
            ),
            (
                "auth.token",
                "tab=settings&field=auth.token",
                Some(PANEL.to_owned()),
            ),
            ("retry", "tab=settings&field=retry", Some(PANEL.to_owned())),
            ("name", "field=name", None),
        ] {
            let page = address("in", "me", field);
            assert_eq!(page, format!("/integrations/in/methods/me?{query}"));
            assert_eq!(part(field), selector, "{field}");
        }
    }
}
