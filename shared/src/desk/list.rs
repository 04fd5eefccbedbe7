//! The parameters of a list.

mod advanced;

use std::borrow::Cow;

use url::form_urlencoded;

use super::error::DeskError;
use super::fold::fold;
use super::instant;
use super::record::{self, LARGEST_INTEGER};
use super::resource::{Field, FieldKind, FilterTest, Reference, Resource};
use crate::search;

/// Which records of a resource are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    pub resource: &'static Resource,
    pub conditions: Vec<Condition>,
    /// Folded; a record must hold all of them.
    pub words: Vec<String>,
    /// The field, and whether the greatest comes first.
    pub order: (Order, bool),
    /// How many records to pass over.
    pub offset: u64,
    /// Where it is zero, the answer says how many records there are, and holds none.
    pub limit: u64,
    /// Whether fewer records do as well, as many as one answer holds: nobody said how many are wanted, and the answer
    /// says how many there are.
    pub may_be_cut: bool,
    /// Whether the answer says which page it is.
    pub page: Option<PageNumber>,
    pub ids_only: bool,
}

/// What a list is ordered by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Order {
    Id,
    Own(&'static Field),
    /// What records are shown of what that field refers to: the field of the one referred to.
    Shown(&'static str, &'static Reference, &'static str),
}

/// Which page was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageNumber {
    /// From 1.
    pub number: u64,
    pub size: u64,
}

/// What a record must fulfil.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// The field refers to one of these.
    OneOf(&'static str, Vec<u64>),
    /// SQL over the resource's table, with one question mark for these ids as a JSON array.
    IdsIn(&'static str, Vec<u64>),
    /// The field equals this text; case does not count.
    Text(&'static str, String),
    /// The same, or SQL over the resource's table, with one question mark for these ids as a JSON array.
    TextOrIds(&'static str, String, &'static str, Vec<u64>),
    /// SQL over the resource's table, with one question mark for this text.
    TextIn(&'static str, String),
    /// What is searched first of the record holds this folded text.
    Named(String),
    /// What a client keeps in a field of its own equals this text; case does not count.
    Other(String, String),
    /// The field is a moment from the first on, up to the second, each as it is kept.
    Within(&'static str, Option<String>, Option<String>),
    /// SQL over the resource's table.
    Sql(&'static str),
}

impl ListQuery {
    /// Records are read until they have this many bytes, and an answer has no more: an isolate has 128 MB for
    /// everything that it does, and an answer is copied several times on its way out. Nothing else limits how many
    /// records are given to who asks for them.
    pub const MOST_BYTES: usize = 8 << 20;

    const PAGE_SIZE: u64 = 50;
    /// Where nobody says how many.
    const USUAL_COUNT: u64 = 1000;

    /// Reads the query of a list's address. Names are known in any case; those that are not
    /// known are passed over.
    pub fn parse(resource: &'static Resource, query: &str) -> Result<Self, DeskError> {
        let parameters = Parameters::parse(query);
        let Paging {
            page,
            offset,
            limit,
            is_said,
        } = paging(&parameters)?;
        Ok(Self {
            resource,
            conditions: conditions(resource, &parameters)?,
            words: search::words(&fold(parameters.get("search").unwrap_or_default())),
            order: order(resource, &parameters)?,
            offset,
            limit,
            may_be_cut: !is_said && resource.list_key.is_some(),
            page,
            ids_only: parameters.flag("idonly")?.unwrap_or(false),
        })
    }
}

/// The id that the query of an address gives to a parameter.
pub(super) fn id_in(query: &str, name: &str) -> Result<Option<u64>, DeskError> {
    Parameters::parse(query).number(name)
}

/// Which part of a list is wanted.
struct Paging {
    page: Option<PageNumber>,
    offset: u64,
    limit: u64,
    /// Whether somebody said how many.
    is_said: bool,
}

fn paging(parameters: &Parameters<'_>) -> Result<Paging, DeskError> {
    let pages = parameters.flag("pageinate")?.unwrap_or(false)
        || parameters.flag("paginate")?.unwrap_or(false);
    if !pages {
        let (limit, is_said) = count(parameters)?;
        return Ok(Paging {
            page: None,
            offset: 0,
            limit,
            is_said,
        });
    }
    let size = parameters
        .number("page_size")?
        .unwrap_or(ListQuery::PAGE_SIZE);
    let size = size.min(LARGEST_INTEGER);
    let number = parameters.number("page_no")?.unwrap_or(1).max(1);
    // Beyond what SQLite counts there is no record anyway.
    let offset = (number - 1).saturating_mul(size).min(LARGEST_INTEGER);
    Ok(Paging {
        page: Some(PageNumber { number, size }),
        offset,
        limit: size,
        is_said: true,
    })
}

/// How many records are wanted at most, and whether a number was said. Some clients ask with a truth for that of all,
/// which every answer holds.
fn count(parameters: &Parameters<'_>) -> Result<(u64, bool), DeskError> {
    match parameters
        .get("count")
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("true") => Ok((LARGEST_INTEGER, false)),
        Some("false") => Ok((ListQuery::USUAL_COUNT, false)),
        _ => Ok(match parameters.number("count")? {
            Some(count) => (count.min(LARGEST_INTEGER), true),
            None => (ListQuery::USUAL_COUNT, false),
        }),
    }
}

fn order(
    resource: &'static Resource,
    parameters: &Parameters<'_>,
) -> Result<(Order, bool), DeskError> {
    let descending = parameters.flag("orderdesc")?;
    let (default, default_descending) = resource.order;
    Ok(
        match parameters
            .get("order")
            .and_then(|name| Order::of(resource, name))
        {
            Some(order) => (order, descending.unwrap_or(false)),
            None => (
                Order::of(resource, default).unwrap_or(Order::Id),
                descending.unwrap_or(default_descending),
            ),
        },
    )
}

impl Order {
    /// By the name of a field, or of something that records are shown with; case does not count.
    fn of(resource: &'static Resource, name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("id") {
            return Some(Self::Id);
        }
        if let Some(field) = resource.field(name) {
            return Some(Self::Own(field));
        }
        resource.references().find_map(|(field, reference)| {
            let mut pairs = reference.shows.iter();
            let &(_, own) = pairs.find(|(shown, _)| shown.eq_ignore_ascii_case(name))?;
            Some(Self::Shown(field.name, reference, own))
        })
    }
}

fn conditions(
    resource: &'static Resource,
    parameters: &Parameters<'_>,
) -> Result<Vec<Condition>, DeskError> {
    let mut conditions = Vec::new();
    for field in resource.fields {
        if let FieldKind::Reference(_) = field.kind
            && let Some(ids) = parameters.ids(field.name)?
        {
            conditions.push(Condition::OneOf(field.name, ids));
        }
    }
    for filter in resource.filters {
        match filter.test {
            FilterTest::Ids(field) => {
                if let Some(ids) = parameters.ids(filter.parameter)? {
                    conditions.push(Condition::OneOf(field, ids));
                }
            }
            FilterTest::IdsIn(sql) => {
                if let Some(ids) = parameters.ids(filter.parameter)? {
                    conditions.push(Condition::IdsIn(sql, ids));
                }
            }
            FilterTest::Text(field) => {
                if let Some(text) = parameters.get(filter.parameter) {
                    conditions.push(Condition::Text(field, text.to_owned()));
                }
            }
            FilterTest::TextOrIds(field, sql) => {
                if let Some(text) = parameters.get(filter.parameter) {
                    let text = text.to_owned();
                    conditions.push(match parameters.ids(filter.parameter) {
                        Ok(Some(ids)) => Condition::TextOrIds(field, text, sql, ids),
                        _ => Condition::Text(field, text),
                    });
                }
            }
            FilterTest::TextIn(sql) => {
                if let Some(text) = parameters.get(filter.parameter) {
                    conditions.push(Condition::TextIn(sql, text.to_owned()));
                }
            }
            FilterTest::Named => {
                if let Some(text) = parameters.get(filter.parameter) {
                    conditions.push(Condition::Named(fold(text)));
                }
            }
            FilterTest::From(field) => {
                if let Some(from) = parameters.instant(filter.parameter)? {
                    conditions.push(Condition::Within(field, Some(from), None));
                }
            }
            FilterTest::Until(field) => {
                if let Some(until) = parameters.end(filter.parameter)? {
                    conditions.push(Condition::Within(field, None, Some(until)));
                }
            }
            FilterTest::WhenTrue(sql) => {
                if parameters.flag(filter.parameter)? == Some(true) {
                    conditions.push(Condition::Sql(sql));
                }
            }
        }
    }
    if let Some(text) = parameters.get("advanced_search") {
        conditions.extend(advanced::conditions(resource, text)?);
    }
    conditions.extend(dates(resource, parameters)?);
    if resource.has_inactive() {
        let active = parameters.flag("includeactive")?.unwrap_or(true);
        let inactive = parameters.flag("includeinactive")?.unwrap_or(false);
        conditions.extend(match (active, inactive) {
            (true, true) => None,
            (true, false) => Some(Condition::Sql("inactive = 0")),
            (false, true) => Some(Condition::Sql("inactive = 1")),
            (false, false) => Some(Condition::Sql("inactive IS NULL")),
        });
    }
    Ok(conditions)
}

/// `startdate` and `enddate` look at the resource's own date, or at the one that `datesearch` names.
fn dates(
    resource: &'static Resource,
    parameters: &Parameters<'_>,
) -> Result<Option<Condition>, DeskError> {
    let Some(own) = resource.date else {
        return Ok(None);
    };
    let (from, until) = (parameters.instant("startdate")?, parameters.end("enddate")?);
    if from.is_none() && until.is_none() {
        return Ok(None);
    }
    let field = match parameters.get("datesearch") {
        None => own,
        Some(name) => resource
            .field(spelled(name))
            .filter(|field| field.kind == FieldKind::Instant)
            .map(|field| field.name)
            .ok_or_else(|| DeskError::Parameter {
                name: "datesearch".to_owned(),
                expected: "the name of a field that holds a date",
            })?,
    };
    Ok(Some(Condition::Within(field, from, until)))
}

/// Halo's database spells this one with a letter less, and so do some clients.
fn spelled(date: &str) -> &str {
    if date.eq_ignore_ascii_case("dateoccured") {
        "dateoccurred"
    } else {
        date
    }
}

/// The parameters of an address, decoded.
struct Parameters<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Parameters<'a> {
    fn parse(query: &'a str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).collect())
    }

    /// The first one of that name that is not empty.
    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .find(|value| !value.is_empty())
    }

    fn flag(&self, name: &str) -> Result<Option<bool>, DeskError> {
        self.read(name, "true or false", record::flag)
    }

    fn number(&self, name: &str) -> Result<Option<u64>, DeskError> {
        self.read(name, "a whole number", |text| text.parse().ok())
    }

    /// One id, or several between commas.
    fn ids(&self, name: &str) -> Result<Option<Vec<u64>>, DeskError> {
        self.read(name, "an id, or ids between commas", |text| {
            text.split(',')
                .map(|id| id.trim().parse().ok().filter(|id| *id <= LARGEST_INTEGER))
                .collect()
        })
    }

    fn instant(&self, name: &str) -> Result<Option<String>, DeskError> {
        self.read(name, FieldKind::Instant.expected(), instant::read)
    }

    /// A moment; of a date without a time, its end.
    fn end(&self, name: &str) -> Result<Option<String>, DeskError> {
        self.read(name, FieldKind::Instant.expected(), |text| {
            let read = instant::read(text)?;
            let has_time = text.contains(['T', 't', ':']);
            Some(if has_time {
                read
            } else {
                read.replace("T00:00:00.000Z", "T23:59:59.999Z")
            })
        })
    }

    fn read<T>(
        &self,
        name: &str,
        expected: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, DeskError> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        match read(text) {
            Some(value) => Ok(Some(value)),
            None => Err(DeskError::Parameter {
                name: name.to_owned(),
                expected,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::resource::{CLIENT, TICKET};

    fn own(resource: &'static Resource, name: &str) -> Order {
        Order::Own(resource.field(name).unwrap())
    }

    #[test]
    fn parameters_are_read_in_any_case() {
        let query = ListQuery::parse(
            &TICKET,
            "PageInate=True&PAGE_SIZE=20&page_no=3&Client_ID=4,%205&status_id=1&search=Printer++jam\
             &order=Summary&orderdesc=true&idonly=true&open_only=true&unknown=1&user_id=",
        )
        .unwrap();
        assert_eq!(
            query.page,
            Some(PageNumber {
                number: 3,
                size: 20
            })
        );
        assert_eq!((query.offset, query.limit), (40, 20));
        assert_eq!(query.words, ["printer", "jam"]);
        assert_eq!(query.order, (own(&TICKET, "summary"), true));
        assert!(query.ids_only);
        assert!(
            query
                .conditions
                .contains(&Condition::OneOf("client_id", vec![4, 5]))
        );
        assert!(
            query
                .conditions
                .contains(&Condition::OneOf("status_id", vec![1]))
        );
        assert_eq!(query.conditions.len(), 3);
    }

    #[test]
    fn halos_short_names_narrow_like_the_long_ones() {
        for (query, expected) in [
            ("status=9", Condition::OneOf("status_id", vec![9])),
            ("Agent=2,3", Condition::OneOf("agent_id", vec![2, 3])),
            ("requesttype=1", Condition::OneOf("tickettype_id", vec![1])),
            ("priority=1", Condition::OneOf("priority_id", vec![1])),
            ("site=4", Condition::OneOf("site_id", vec![4])),
            ("client_ids=1,2", Condition::OneOf("client_id", vec![1, 2])),
            (
                "team=Night+Shift",
                Condition::Text("team", "Night Shift".to_owned()),
            ),
        ] {
            let read = ListQuery::parse(&TICKET, query).unwrap();
            assert_eq!(read.conditions, [expected], "{query}");
        }
        let of = |query: &str| ListQuery::parse(&TICKET, query).unwrap().conditions;
        assert!(matches!(
            of("team=2").as_slice(),
            [Condition::TextOrIds("team", text, _, ids)] if text == "2" && ids == &[2]
        ));
        assert!(matches!(
            of("username=Helen+Marsh").as_slice(),
            [Condition::TextIn(_, text)] if text == "Helen Marsh"
        ));
        // A filter that cannot be read is no reason to answer everything.
        assert!(ListQuery::parse(&TICKET, "status=open").is_err());
    }

    #[test]
    fn what_is_not_said_has_a_default() {
        let query = ListQuery::parse(&TICKET, "").unwrap();
        assert_eq!((query.page, query.offset, query.limit), (None, 0, 1000));
        assert_eq!(query.order, (Order::Id, true));
        assert_eq!(query.conditions, []);
        let query = ListQuery::parse(&CLIENT, "order=nothing&pageinate=true").unwrap();
        assert_eq!((query.offset, query.limit), (0, 50));
        assert_eq!(query.order, (own(&CLIENT, "name"), false));
        assert_eq!(query.conditions, [Condition::Sql("inactive = 0")]);
    }

    #[test]
    fn odd_parameters_are_bounded_or_refused() {
        for (query, expected) in [
            ("count=0", Some((0, 0))),
            ("count=99999999", Some((0, 99_999_999))),
            ("count=18446744073709551615", Some((0, LARGEST_INTEGER))),
            ("count=true", Some((0, LARGEST_INTEGER))),
            (
                "pageinate=true&page_size=2000&page_no=3",
                Some((4000, 2000)),
            ),
            ("count=False", Some((0, 1000))),
            (
                "startdate=2026-03-01&datesearch=DateOccured",
                Some((0, 1000)),
            ),
            ("startdate=2026-03-01&datesearch=deadlinedate", None),
            ("pageinate=true&page_size=0&page_no=0", Some((0, 0))),
            (
                "pageinate=true&page_size=1000&page_no=18446744073709551615",
                Some((LARGEST_INTEGER, 1000)),
            ),
            ("count=abc", None),
            ("count=-1", None),
            ("count=18446744073709551616", None),
            ("pageinate=perhaps", None),
            ("client_id=x", None),
            ("client_id=1,,2", None),
            ("client_id=99999999999999999", None),
            ("client_id=", Some((0, 1000))),
        ] {
            let read = ListQuery::parse(&TICKET, query).ok();
            assert_eq!(
                read.map(|read| (read.offset, read.limit)),
                expected,
                "{query}"
            );
        }
    }
}
