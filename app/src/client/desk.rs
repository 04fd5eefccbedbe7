//! The desk, over the same Halo-shaped API that other programs use.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Fault;
use super::request::{get, post};

/// `GET /api/Tickets`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TicketList {
    pub record_count: u64,
    pub tickets: Vec<ListedTicket>,
}

/// What the list shows of a ticket: the code that reads more is loaded with a ticket's own page.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ListedTicket {
    pub id: u64,
    pub summary: String,
    pub status_name: Option<String>,
    pub isclosed: bool,
    pub client_name: Option<String>,
    pub agent_name: Option<String>,
    pub lastactiondate: Option<String>,
    /// The next deadline.
    pub slaactiondate: Option<String>,
    pub slaresponsestanding: Option<String>,
    pub slastanding: Option<String>,
    pub onhold: bool,
}

/// What a ticket's page shows of it; the desk sends more.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Ticket {
    pub id: u64,
    pub summary: String,
    pub details: String,
    pub tickettype_id: Option<u64>,
    /// Sanitised by the server for this page.
    pub details_html: String,
    pub status_name: Option<String>,
    pub isclosed: bool,
    pub client_id: Option<u64>,
    pub client_name: Option<String>,
    pub site_id: Option<u64>,
    pub site_name: Option<String>,
    pub user_id: Option<u64>,
    pub user_name: Option<String>,
    pub user_email: Option<String>,
    pub agent_name: Option<String>,
    pub team: Option<String>,
    pub category_1: Option<String>,
    pub tickettype_name: Option<String>,
    pub priority_name: Option<String>,
    pub dateoccurred: Option<String>,
    pub dateclosed: Option<String>,
    pub lastactiondate: Option<String>,
    pub sla_id: Option<u64>,
    pub sla_name: Option<String>,
    pub respondbydate: Option<String>,
    pub responsedate: Option<String>,
    pub slaresponsestanding: Option<String>,
    pub fixbydate: Option<String>,
    pub slastanding: Option<String>,
    pub onhold: bool,
    pub customfields: Vec<serde_json::Value>,
}

/// What was said and done on a ticket: the newest, as many as one answer holds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Thread {
    pub actions: Vec<Action>,
    /// Of all.
    pub record_count: usize,
}

/// One action on a ticket.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Action {
    pub id: u64,
    pub ticket_id: u64,
    #[serde(default)]
    pub outcome: String,
    #[serde(default)]
    pub who: String,
    #[serde(default)]
    pub note: String,
    /// Sanitised by the server for this page.
    #[serde(default)]
    pub note_html: String,
    #[serde(default)]
    pub hiddenfromuser: bool,
    #[serde(default)]
    pub datetime: Option<String>,
    #[serde(default)]
    pub customfields: Vec<serde_json::Value>,
    /// 1 for an agent, 2 for a program or a runbook, else a user.
    #[serde(default)]
    pub who_type: Option<u64>,
}

/// The tickets that fit the parameters of a list's address.
pub async fn tickets(query: &str) -> Result<TicketList, Fault> {
    get(&format!("/api/Tickets?{query}")).await
}

/// The agent who is signed in, by their id.
pub async fn own_agent() -> Result<u64, Fault> {
    #[derive(Deserialize)]
    struct Me {
        id: u64,
    }
    get::<Me>("/api/Agent/me").await.map(|me| me.id)
}

/// What the record of that id is called, among those under this word of the API.
pub async fn name_of(resource: &str, id: String) -> Result<String, Fault> {
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    let path = format!("/api/{resource}/{}", super::encoded(&id));
    get::<Named>(&path).await.map(|record| record.name)
}

pub async fn ticket(id: u64) -> Result<Ticket, Fault> {
    get(&format!("/api/Tickets/{id}")).await
}

pub async fn thread(ticket_id: u64) -> Result<Thread, Fault> {
    get(&format!("/api/Actions?ticket_id={ticket_id}")).await
}

#[derive(Serialize)]
struct NewAction<'a> {
    ticket_id: u64,
    outcome: &'a str,
    note: &'a str,
    /// Where it is not sent, the outcome decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    hiddenfromuser: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    customfields: Vec<serde_json::Value>,
}

/// Adds an action; one whose outcome queues a runbook starts it. Where `hidden` says nothing, the outcome decides.
pub async fn add_action(
    ticket_id: u64,
    outcome: &str,
    note: &str,
    hidden: Option<bool>,
    customfields: Vec<serde_json::Value>,
) -> Result<Action, Fault> {
    let action = NewAction {
        ticket_id,
        outcome,
        note,
        hiddenfromuser: hidden,
        customfields,
    };
    post("/api/Actions", &json!([action])).await
}
