//! What the parts of the method page share: the draft, its samples, and the last result.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{IntegrationRecord, MethodRecord, TestReport, TestRequest};
use shared::engine::Response;
use shared::model::{IntegrationId, Method, MethodId, RawJson};
use shared::output::OutputPath;
use shared::problem::ErrorDetail;
use shared::request::RequestTemplate;
use shared::trial::{Need, needs, read_sample};

use super::samples::{Samples, focus_sample};
use crate::client::{self, Fault};
use crate::editing::Editing;
use crate::ui::announce;

/// Copies share their state.
#[derive(Clone, Copy)]
pub(super) struct Bench {
    pub(super) editing: Editing<Method>,
    pub(super) integration: StoredValue<IntegrationRecord>,
    /// Places of the method's own secrets that the server holds no value for.
    pub(super) missing_secrets: RwSignal<Vec<String>>,
    /// What is wrong with the request's fields, whatever the variables are.
    pub(super) problems: Memo<Vec<ErrorDetail>>,
    /// The variables that the draft uses.
    pub(super) needs: Memo<Vec<Need>>,
    pub(super) samples: Samples,
    pub(super) sending: RwSignal<bool>,
    pub(super) report: RwSignal<Option<Result<TestReport, Fault>>>,
    /// Sending was asked for, but something has to be put right first.
    pub(super) held_back: RwSignal<bool>,
    /// The last response, as output variables see it.
    pub(super) response: Memo<Option<Response>>,
    /// What was pointed at in the response.
    pub(super) picked: RwSignal<Option<OutputPath>>,
}

impl Bench {
    pub(super) fn new(integration: IntegrationRecord, method: MethodRecord) -> Self {
        let id = method.record.value.id.clone();
        let missing_secrets = RwSignal::new(method.record.missing_secrets);
        let editing = Editing::new(method.record.value, method.record.version);
        let integration = StoredValue::new(integration);
        let draft = editing.draft;
        let problems = Memo::new(move |_| {
            draft.with(|draft| {
                integration.with_value(|integration| {
                    RequestTemplate::for_method(&integration.value, draft)
                        .err()
                        .unwrap_or_default()
                })
            })
        });
        let needs = Memo::new(move |_| {
            draft.with(|draft| {
                integration.with_value(|integration| needs(draft, &integration.value.constants))
            })
        });
        let report = RwSignal::new(None::<Result<TestReport, Fault>>);
        let response = Memo::new(move |_| {
            report.with(|report| match report {
                Some(Ok(TestReport {
                    response: Some(response),
                    ..
                })) => Some(Response {
                    status: response.status,
                    headers: response.headers.clone(),
                    body: response.body.clone().into_bytes().into(),
                    time_ms: response.time_ms,
                }),
                _ => None,
            })
        });
        Self {
            editing,
            integration,
            missing_secrets,
            problems,
            needs,
            samples: Samples::kept_for(&id),
            sending: RwSignal::new(false),
            report,
            held_back: RwSignal::new(false),
            response,
            picked: RwSignal::new(None),
        }
    }

    pub(super) fn id(self) -> MethodId {
        self.editing.draft.with_untracked(|draft| draft.id.clone())
    }

    pub(super) fn integration_id(self) -> IntegrationId {
        self.integration
            .with_value(|record| record.value.id.clone())
    }

    /// The message about a field such as `path`, if there is one.
    pub(super) fn problem(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.problems.with(|problems| {
                problems
                    .iter()
                    .find(|problem| problem.at.field.as_deref() == Some(field))
                    .map(|problem| problem.message.clone())
            })
        })
    }

    /// The needed variables that have no sample.
    pub(super) fn without_sample(self) -> Vec<String> {
        self.needs.with(|needs| {
            self.samples.values.with(|typed| {
                needs
                    .iter()
                    .filter(|need| !need.optional && is_empty(typed, &need.name))
                    .map(|need| need.name.clone())
                    .collect()
            })
        })
    }

    fn variables(self) -> BTreeMap<String, RawJson> {
        self.needs.with_untracked(|needs| {
            self.samples.values.with_untracked(|typed| {
                needs
                    .iter()
                    .filter_map(|need| {
                        let value = read_sample(typed.get(&need.name)?).value()?;
                        Some((need.name.clone(), value))
                    })
                    .collect()
            })
        })
    }

    /// Sends the draft once, saved or not.
    pub(super) fn send(self) {
        if self.sending.get_untracked() {
            return;
        }
        let missing = untrack(|| self.without_sample());
        if !missing.is_empty() || !self.problems.with_untracked(Vec::is_empty) {
            self.held_back.set(true);
            announce("Not sent. Something has to be put right first.");
            if let Some(first) = missing.first() {
                focus_sample(first);
            }
            return;
        }
        self.held_back.set(false);
        self.picked.set(None);
        self.sending.set(true);
        let request = TestRequest {
            variables: self.variables(),
            method: Some(self.editing.draft.get_untracked()),
            integration: Some(self.integration_id()),
        };
        spawn_local(async move {
            let answer = client::test_method(&request).await;
            if self.sending.try_set(false).is_some() {
                return;
            }
            announce(summary(&answer));
            self.report.set(Some(answer));
            super::result::show();
        });
    }

    pub(super) fn save(self) {
        if !self.editing.dirty().get_untracked() {
            return;
        }
        self.editing.save(
            move |version, draft| async move {
                let record = client::save_method(version, &draft).await?;
                Ok(self.took(record))
            },
            || (),
        );
    }

    fn took(self, record: MethodRecord) -> (Method, u64) {
        self.missing_secrets.set(record.record.missing_secrets);
        (record.record.value, record.record.version)
    }

    /// Reads anew.
    pub(super) async fn newest(self) -> Result<(Method, u64), Fault> {
        let record = client::method(&self.id()).await?;
        Ok(self.took(record))
    }
}

fn is_empty(typed: &BTreeMap<String, String>, name: &str) -> bool {
    typed.get(name).is_none_or(|text| text.trim().is_empty())
}

fn summary(answer: &Result<TestReport, Fault>) -> String {
    match answer {
        Ok(TestReport {
            response: Some(response),
            ..
        }) => format!("Answered {}", response.status),
        Ok(_) => "No answer".to_owned(),
        Err(fault) => fault.to_string(),
    }
}
