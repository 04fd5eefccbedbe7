//! The form of an application.

use leptos::prelude::*;
use shared::desk::Scopes;
use shared::model::{Application, GrantType, RateLimit};

use super::words::permissions;
use crate::ui::{Bound, Checkbox, CodeField, NumberField, Switch};

/// What a limit begins with when it is switched on.
const USUAL_LIMIT: RateLimit = RateLimit {
    requests: 700,
    window_s: 300,
};

/// The element that holds the permissions.
pub(super) const PERMISSIONS: &str = "permissions";

/// The fields; once `told`, they say where it may do nothing.
#[component]
pub(super) fn Fields(draft: RwSignal<Application>, told: RwSignal<bool>) -> impl IntoView {
    view! {
        <section class="section">
            <h2>"Login"</h2>
            <div class="stack">{login(draft)}</div>
        </section>
        <section class="section">
            <h2>"Permissions"</h2>
            {scopes(draft, told)}
        </section>
        <section class="section">
            <h2>"Use"</h2>
            <div class="stack">
                <Switch
                    label="Active"
                    hint="What is switched off gets no tokens, and those that it has do not work."
                    value=Bound::of(draft, |draft| draft.active, |draft, on| draft.active = on)
                />
                {rate_limit(draft)}
            </div>
        </section>
    }
    .into_any()
}

fn login(draft: RwSignal<Application>) -> AnyView {
    let own = Bound::of(
        draft,
        |draft| draft.allows(GrantType::ClientCredentials),
        |draft, on| set_grant(draft, GrantType::ClientCredentials, on),
    );
    let code = Bound::of(
        draft,
        |draft| draft.allows(GrantType::AuthorizationCode),
        |draft, on| set_grant(draft, GrantType::AuthorizationCode, on),
    );
    let public = Bound::of(draft, |draft| draft.public, |draft, on| draft.public = on);
    let uris = Bound::of(
        draft,
        |draft| draft.redirect_uris.join("\n"),
        |draft, text| draft.redirect_uris = text.lines().map(str::to_owned).collect(),
    );
    view! {
        <Checkbox
            label="Client credentials"
            hint="It logs in in its own name, with its secret. For services."
            value=own
        />
        <Checkbox
            label="Authorization code"
            hint="People are asked, and it acts in the name of who allows it. For apps that people use."
            value=code
        />
        <Show when=move || code.get()>
            <CodeField
                label="Redirect URIs"
                value=uris
                rows=2
                hint="One in a line, exactly as it is sent. On 127.0.0.1, [::1] and localhost any port will do.".to_owned()
            />
            <Switch
                label="Public application"
                hint="It runs on people's own machines or in their browsers and can keep no secret. It proves itself with PKCE."
                value=public
            />
        </Show>
    }
    .into_any()
}

fn set_grant(draft: &mut Application, grant: GrantType, on: bool) {
    draft.grants.retain(|other| *other != grant);
    if on {
        draft.grants.push(grant);
    }
    // In one order, so that on and off again is no change.
    draft
        .grants
        .sort_by_key(|grant| *grant == GrantType::AuthorizationCode);
}

fn scopes(draft: RwSignal<Application>, told: RwSignal<bool>) -> AnyView {
    let held = Memo::new(move |_| draft.with(|draft| draft.scopes));
    let all = Bound::new(
        Signal::derive(move || held.get() == Scopes::ALL),
        Callback::new(move |on: bool| {
            let scopes = if on { Scopes::ALL } else { Scopes::NONE };
            draft.update(|draft| draft.scopes = scopes);
        }),
    );
    let single = permissions()
        .into_iter()
        .map(|name| {
            let value = Bound::new(
                Signal::derive(move || held.get().holds(name)),
                Callback::new(move |on: bool| {
                    draft.update(|draft| draft.scopes = draft.scopes.with(name, on));
                }),
            );
            view! { <Checkbox label=name hint=Scopes::about(name) value=value /> }
        })
        .collect_view();
    let wrong = move || {
        (told.get() && held.get() == Scopes::NONE).then(|| {
            view! { <p class="field-error">"Choose at least one permission: all, or those that it needs."</p> }
        })
    };
    view! {
        <fieldset class="field" id=PERMISSIONS>
            <legend class="visually-hidden">"Permissions"</legend>
            <div role="alert">{wrong}</div>
            <div class="stack stack-small">
                <Checkbox label="all" hint=Scopes::about("all") value=all />
                {single}
            </div>
        </fieldset>
    }
    .into_any()
}

fn rate_limit(draft: RwSignal<Application>) -> AnyView {
    let limited = Bound::of(
        draft,
        |draft| draft.rate_limit.is_some(),
        |draft, on| draft.rate_limit = on.then_some(USUAL_LIMIT),
    );
    let requests = Bound::of(
        draft,
        |draft| draft.rate_limit.map(|limit| u64::from(limit.requests)),
        |draft, number| {
            if let (Some(limit), Some(number)) = (&mut draft.rate_limit, number) {
                limit.requests = u32::try_from(number).unwrap_or(limit.requests);
            }
        },
    );
    let window = Bound::of(
        draft,
        |draft| draft.rate_limit.map(|limit| u64::from(limit.window_s)),
        |draft, number| {
            if let (Some(limit), Some(number)) = (&mut draft.rate_limit, number) {
                limit.window_s = u32::try_from(number).unwrap_or(limit.window_s);
            }
        },
    );
    view! {
        <Switch label="Limit its requests" hint="More than that are answered with 429 until some time has passed." value=limited />
        <Show when=move || limited.get()>
            <div class="field-pair">
                <NumberField label="Requests" value=requests min=1 max=u64::from(RateLimit::MOST_REQUESTS) />
                <NumberField label="In" value=window min=1 max=u64::from(RateLimit::LONGEST_WINDOW_S) unit="seconds" />
            </div>
        </Show>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_that_is_switched_on_and_off_leaves_no_trace() {
        let mut draft = super::super::fresh();
        let before = draft.clone();
        for grant in [GrantType::AuthorizationCode, GrantType::ClientCredentials] {
            set_grant(&mut draft, grant, true);
            set_grant(&mut draft, grant, false);
        }
        set_grant(&mut draft, GrantType::AuthorizationCode, true);
        set_grant(&mut draft, GrantType::ClientCredentials, true);
        set_grant(&mut draft, GrantType::AuthorizationCode, false);
        assert_eq!(draft, before);
    }
}
