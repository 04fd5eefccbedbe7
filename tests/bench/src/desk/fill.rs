//! Records by the ten thousand, written into the desk's own database while nothing runs on it.

use std::path::Path;

use rusqlite::Connection;

use crate::{Outcome, nimbus::database};

/// The first ticket's id; those of the sample are below.
const FIRST: u32 = 10_000;

/// A ticket's id; different numbers give ids all over the table.
pub(crate) fn ticket(number: usize, tickets: u32) -> u32 {
    let step = u32::try_from(number).unwrap_or_default().wrapping_mul(7919);
    FIRST + step % tickets
}

pub(crate) fn desk(data: &Path, tickets: u32, actions_per_ticket: u32) -> Outcome<()> {
    let connection = Connection::open(database(data, "SELECT 1 FROM ticket")?)?;
    connection.execute_batch(&format!(
        "BEGIN;
        INSERT INTO ticket (id, summary, details, tickettype_id, status_id, priority_id, client_id, site_id, user_id,
            agent_id, team, dateoccurred, datecreated, lastactiondate, last_update, searched)
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {tickets})
        SELECT {FIRST} + i, 'Printer ' || i || ' prints blank pages',
            'Since this morning the printer on floor ' || (i % 9) || ' feeds paper and prints nothing on it. ' ||
            'It was switched off and on again, and the toner is new. Colleagues at the same place see the same.',
            1 + i % 4, CASE WHEN i % 5 = 0 THEN 1 + i % 3 ELSE 9 END, 1 + i % 4, 1 + i % 3, 1 + i % 3, 1 + i % 3,
            1 + i % 3, '1st Line Support', strftime('%Y-%m-%dT%H:%M:%S.000Z', 1700000000 + i * 60, 'unixepoch'),
            strftime('%Y-%m-%dT%H:%M:%S.000Z', 1700000000 + i * 60, 'unixepoch'),
            strftime('%Y-%m-%dT%H:%M:%S.000Z', 1700000000 + i * 61, 'unixepoch'),
            strftime('%Y-%m-%dT%H:%M:%S.000Z', 1700000000 + i * 61, 'unixepoch'),
            'printer ' || i || ' prints blank pages' || char(10) ||
            'since this morning the printer on floor ' || (i % 9) || ' feeds paper and prints nothing on it. ' ||
            'it was switched off and on again, and the toner is new. colleagues at the same place see the same.' || char(10)
        FROM n;
        INSERT INTO action (ticket_id, outcome, note, hiddenfromuser, timetaken, who, who_type, datetime,
            actiondatecreated, searched)
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {tickets} * {actions_per_ticket})
        SELECT {FIRST} + i % {tickets}, 'Email User', 'We have looked at it, and will be back with more. ' || i, 0, 0.1,
            'Priya Nair', 1, strftime('%Y-%m-%dT%H:%M:%S.000Z', 1700000000 + i, 'unixepoch'),
            strftime('%Y-%m-%dT%H:%M:%S.000Z', 1700000000 + i, 'unixepoch'), 'email user'
        FROM n;
        COMMIT;"
    ))?;
    Ok(())
}
