//! A public start, once its id is known to be one: authentication over the bytes as they
//! came, then the state of the runbook, the key, and only then the body.

use std::rc::Rc;
use std::sync::Arc;

use shared::engine::StartedBy;
use shared::model::{Answer, AnswerWhen};
use shared::start::{PublicRequest, Trigger, from_request};

use super::accept::{Candidate, Key, Origin, queued, switched_off};
use super::protocol::{PublicAnswer, PublicStart};
use super::room::Room;
use super::tables::digest;
use crate::error::Failure;
use crate::{clock, public};

impl Room {
    pub(super) async fn start_from_outside(
        self: &Rc<Self>,
        start: PublicStart,
    ) -> Result<PublicAnswer, Failure> {
        let installed = self.installed()?;
        let verdict = match &installed {
            Some(installed) => installed
                .guard
                .verify(&start.headers, &start.body, clock::now()),
            None => return Err(public::refuse(&start.headers, &start.body)),
        };
        let (Ok(()), Some(installed)) = (verdict, installed) else {
            return Err(public::unauthorized());
        };
        if !installed.is_enabled {
            return Err(switched_off());
        }
        let settings = &installed.plan.document().runbook.start;
        let is_waited_for = settings.answer.when == AnswerWhen::Finished;
        let run_id = self
            .accept(Candidate {
                plan: Arc::clone(&installed.plan),
                shard: installed.shard,
                origin: Origin::Stored(installed.id),
                key: installed
                    .guard
                    .idempotency_key(&start.headers)
                    .map(|key| Key {
                        text: format!("public/{key}"),
                        body: digest(&start.body),
                    }),
                replay: installed
                    .guard
                    .signed_digest(&start.headers, &start.body)
                    .map(|signed| format!("signed/{}", digest(&signed))),
                trigger: trigger(settings, &start),
                is_waited_for,
            })
            .await?;
        if is_waited_for {
            let within_ms = settings
                .answer
                .within_ms
                .unwrap_or(Answer::DEFAULT_WITHIN_MS);
            self.wait_for_answer(run_id, within_ms).await
        } else {
            Ok(PublicAnswer::of(queued(run_id)))
        }
    }
}

fn trigger(settings: &shared::model::Start, start: &PublicStart) -> Result<Trigger, Failure> {
    let request = PublicRequest {
        body: &start.body,
        content_type: start.header("content-type"),
        headers: &start.headers,
        query: &start.query,
    };
    from_request(&settings.inputs, &request)
        .map(|inputs| Trigger {
            started_by: StartedBy::Public,
            inputs,
            from: None,
        })
        .map_err(|detail| Failure::of(400, detail))
}
