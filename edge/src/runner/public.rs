//! A public start, once its id is known to be one: the size that the runbook allows, authentication over the bytes
//! as they came, then the state of the runbook, the rate, the key, and only then the body.

use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;

use shared::authorization::WhyRefused;
use shared::engine::StartedBy;
use shared::engine::spread::Spread;
use shared::model::{Answer, AnswerWhen, StartLimits};
use shared::start::{PublicRequest, Trigger, Wanted, read_request};

use super::accept::{Candidate, Intake, Key, Origin, queued};
use super::protocol::{PublicAnswer, PublicStart};
use super::refused;
use super::room::{Installed, Room};
use super::tables::digest;
use crate::error::Failure;
use crate::{clock, public};

impl Room {
    /// Starts a run. Why that was refused is listed for the owner of the runbook.
    pub(super) async fn start_from_outside(
        self: &Rc<Self>,
        start: PublicStart,
    ) -> Result<PublicAnswer, Failure> {
        let from = start.sent.from;
        let answer = self.let_in(start).await;
        answer.inspect_err(|failure| self.note_refused(failure, from))
    }

    /// A start came with a body that no runbook takes.
    pub(super) fn note_too_large(&self, from: Option<IpAddr>) {
        self.note_refused(&public::larger_than_any(), from);
    }

    /// What the door refuses is noted there, with more than its caller is told.
    fn note_refused(&self, failure: &Failure, from: Option<IpAddr>) {
        if let Some(why) = WhyRefused::as_told(failure.status, &failure.detail)
            && let Ok(Some(installed)) = self.installed()
        {
            let runbook = &installed.plan.document().runbook.id;
            refused::note(runbook, installed.shard, why, from, clock::now());
        }
    }

    async fn let_in(self: &Rc<Self>, start: PublicStart) -> Result<PublicAnswer, Failure> {
        let Some(installed) = self.installed()? else {
            return Err(public::refuse(&start.delivery()));
        };
        let limits = &installed.plan.document().runbook.start.limits;
        let limit = limits.body_bytes.unwrap_or(StartLimits::MOST_BODY_BYTES);
        // Of what nobody may start, not even the limits can be learnt.
        let fits = u32::try_from(start.body.len()).is_ok_and(|bytes| bytes <= limit);
        if !fits && !installed.guard.is_closed() {
            return Err(public::too_large(&format!("{limit} bytes")));
        }
        let now = clock::now();
        let proof = installed
            .guard
            .verify(&start.delivery(), start.sent.from, now)
            .map_err(|refusal| {
                let runbook = &installed.plan.document().runbook.id;
                let why = WhyRefused::at_the_door(&refusal);
                refused::note(runbook, installed.shard, why, start.sent.from, now);
                public::unauthorized()
            })?;
        self.note_use(&installed, proof.as_deref(), now)?;
        if !installed.is_enabled {
            return Err(no_starts());
        }
        self.bucket
            .borrow_mut()
            .take(
                &Spread::limits(&installed.plan.document().runbook, installed.shard),
                now,
            )
            .map_err(too_many)?;
        let settings = &installed.plan.document().runbook.start;
        let is_waited_for = settings.answer.when == AnswerWhen::Finished;
        let run_id = self
            .accept_or_ignore(Candidate {
                plan: Arc::clone(&installed.plan),
                shard: installed.shard,
                origin: Origin::Stored(installed.id),
                key: installed
                    .guard
                    .idempotency_key(&start.sent.headers)
                    .map(|key| Key {
                        text: format!("public/{key}"),
                        body: digest(&start.body),
                    }),
                replay: installed
                    .guard
                    .signed_digest(&start.delivery())
                    .map(|signed| format!("signed/{}", digest(&signed))),
                trigger: intake(&installed, &start),
                is_waited_for,
            })
            .await?;
        let Some(run_id) = run_id else {
            return Ok(PublicAnswer::ignored());
        };
        if is_waited_for {
            let within_ms = settings
                .answer
                .within_ms
                .unwrap_or(Answer::DEFAULT_WITHIN_MS);
            self.wait_for_answer(run_id, within_ms, &installed.plan)
                .await
        } else {
            Ok(PublicAnswer::of(queued(run_id)))
        }
    }
}

fn intake(installed: &Installed, start: &PublicStart) -> Result<Intake, Failure> {
    let request = PublicRequest {
        body: &start.body,
        content_type: start.sent.header("content-type"),
        headers: &start.sent.headers,
        query: start.sent.query(),
        json_field: installed.guard.json_field(),
    };
    let inputs = &installed.plan.document().runbook.start.inputs;
    match read_request(inputs, installed.when.as_ref(), &request) {
        Ok(Wanted::Yes(inputs)) => Ok(Intake::Start(Box::new(Trigger {
            started_by: StartedBy::Public,
            inputs,
            from: None,
        }))),
        Ok(Wanted::No { explanation }) => Ok(Intake::Ignore { explanation }),
        Err(detail) => Err(Failure::of(400, detail.as_sentence())),
    }
}

/// How to switch it on is the concern of its owner.
fn no_starts() -> Failure {
    Failure::conflict(
        "switched_off",
        "This runbook takes no starts at the moment. Try again later.",
    )
}

fn too_many(wait_s: u32) -> Failure {
    let message = format!(
        "This runbook is started more often than it allows. Wait {wait_s} s, then try again."
    );
    Failure::new(429, "too_many_starts", message).with_header("Retry-After", wait_s.to_string())
}
