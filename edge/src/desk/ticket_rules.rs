//! Ticket rules in bundles. All else about them is asked as of any record.

use shared::api::ImportReport;
use shared::desk::rule::BundledRule;
use shared::desk::{Access, Caller, Desk, DeskError, DeskEvent, StorageError};
use shared::model::Timestamp;

use super::Opened;
use super::html::Sanitizer;
use super::protocol::TicketRulesCall;
use super::tables::Tables;
use crate::error::Failure;
use crate::object::{self, Reply};
use crate::random;
use crate::store::Store;
use crate::workspace::protocol::By;

/// Answers a call. Events that come of it are in the outbox.
pub(super) fn answer(
    opened: &Opened,
    ask: TicketRulesCall,
    by: By,
    now: Timestamp,
) -> Result<Reply, Failure> {
    let Opened { store, outbox, .. } = opened;
    match ask {
        TicketRulesCall::Export {} => {
            let rules = as_caller(store, by, now, |desk| {
                desk.rules_for_elsewhere().map_err(|error| (0, error))
            });
            object::reply(&rules?)
        }
        TicketRulesCall::Check { rules } => {
            // What it writes is taken back.
            let tried = store.atomically(|| -> Result<(), Tried> {
                Err(match import(store, rules, by, now) {
                    Ok(_) => Tried::Fits,
                    Err(failure) => Tried::Refused(failure),
                })
            });
            match tried {
                Ok(()) | Err(Tried::Fits) => object::reply(&()),
                Err(Tried::Refused(failure)) => Err(failure),
            }
        }
        TicketRulesCall::Import { rules } => {
            let report = store.atomically(|| -> Result<ImportReport, Failure> {
                let (report, events) = import(store, rules, by, now)?;
                outbox.add(&events, now)?;
                Ok(report)
            });
            object::reply(&report?)
        }
    }
}

/// What came of an import that is not meant.
enum Tried {
    Fits,
    Refused(Failure),
}

impl From<Failure> for Tried {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

fn import(
    store: &Store,
    rules: Vec<BundledRule>,
    by: By,
    now: Timestamp,
) -> Result<(ImportReport, Vec<DeskEvent>), Failure> {
    as_caller(store, by, now, |desk| desk.import_rules(rules))
}

fn as_caller<T>(
    store: &Store,
    by: By,
    now: Timestamp,
    work: impl FnOnce(&Desk<'_>) -> Result<T, (usize, DeskError)>,
) -> Result<T, Failure> {
    let caller = match by {
        By::Console => Caller::Console {},
        By::Admin | By::Nimbus => Caller::Admin {},
    };
    let tables = Tables::new(store);
    let access = Access::of(&caller, None, &tables);
    let access = access.map_err(|error| refused(0, &error))?;
    let desk = Desk {
        records: &tables,
        html: &Sanitizer,
        access: &access,
        now,
        unique: &random::uuid()?,
    };
    work(&desk).map_err(|(index, error)| refused(index, &error))
}

fn refused(index: usize, error: &DeskError) -> Failure {
    if let DeskError::Storage(StorageError(cause)) = error {
        return Failure::internal("ticket rules", cause);
    }
    let place = format!("desk.ticket_rules[{index}]");
    let message = format!("{place}: {error}");
    Failure::bad_request("refused_ticket_rule", message).at_field(place)
}
