//! Tickets by what they have in a date field, their own or a custom one.

use serde::Deserialize;
use shared::desk::resource::TICKET;

use super::protocol::{DatesQuery, NoDate, TicketDate};
use crate::bind;
use crate::error::Failure;
use crate::store::Store;

/// The dates that are looked for first have an index already.
pub(super) const INDICES: &str = "
    CREATE INDEX ticket_by_datecreated ON ticket (datecreated);
    CREATE INDEX ticket_by_dateclosed ON ticket (dateclosed);";

/// Custom fields have no index: a page of them reads all tickets that have any.
const CUSTOM: &str = "
    SELECT ticket.id AS ticket, trim(json_extract(custom.value, '$.value')) AS date
    FROM ticket, json_each(ticket.customfields) AS custom
    WHERE json_extract(custom.value, '$.name') = ? COLLATE NOCASE
        AND json_type(custom.value, '$.value') = 'text'
        AND date >= ? AND date < ? AND (date, ticket.id) > (?, ?)
    ORDER BY date, ticket.id LIMIT ?";

pub(super) fn list(store: &Store, query: &DatesQuery) -> Result<Vec<TicketDate>, Failure> {
    let (date, ticket) = query
        .after
        .as_ref()
        .map_or(("", 0), |after| (after.date.as_str(), after.ticket));
    let (from, until, limit) = (query.from.as_str(), query.until.as_str(), query.limit);
    let mut dates = TICKET.dates();
    match dates.find(|field| field.name == query.field) {
        Some(field) => {
            let field = field.name;
            store.rows(
                &format!(
                    "SELECT id AS ticket, {field} AS date FROM ticket
                     WHERE {field} >= ? AND {field} < ? AND ({field}, id) > (?, ?) ORDER BY {field}, id LIMIT ?"
                ),
                bind![from, until, date, ticket, limit],
            )
        }
        None => store.rows(CUSTOM, bind![query.field, from, until, date, ticket, limit]),
    }
}

/// What the latest tickets have in a custom field that does not begin like a date.
pub(super) fn none(store: &Store, field: &str) -> Result<Vec<NoDate>, Failure> {
    store.rows(
        "SELECT ticket.id AS ticket, coalesce(summary, '') AS summary,
             trim(CAST(json_extract(custom.value, '$.value') AS TEXT)) AS text
         FROM ticket, json_each(ticket.customfields) AS custom
         WHERE json_extract(custom.value, '$.name') = ? COLLATE NOCASE
             AND coalesce(json_type(custom.value, '$.value'), 'null') != 'null' AND text != ''
             AND text NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'
         ORDER BY ticket.id DESC LIMIT 50",
        bind![field],
    )
}

/// The names of custom fields that hold dates on the latest tickets.
pub(super) fn custom_fields(store: &Store) -> Result<Vec<String>, Failure> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
    }
    let rows: Vec<Row> = store.rows(
        "SELECT DISTINCT json_extract(custom.value, '$.name') AS name
         FROM (SELECT customfields FROM ticket WHERE customfields IS NOT NULL ORDER BY id DESC LIMIT 500) AS latest,
             json_each(latest.customfields) AS custom
         WHERE json_type(custom.value, '$.name') = 'text' AND json_type(custom.value, '$.value') = 'text'
             AND json_extract(custom.value, '$.value') GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'
         ORDER BY name LIMIT 100",
        bind![],
    )?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}
