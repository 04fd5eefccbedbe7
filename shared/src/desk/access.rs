//! What a caller may do, and who they are to the desk.

use super::error::{DeskError, StorageError};
use super::protocol::{Caller, EventSource};
use super::records::Records;
use super::resource::AGENT;
use super::scope::{Area, Scopes};

/// A caller who has been recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    pub source: EventSource,
    /// How many runs stand above what the caller sets off.
    pub depth: u8,
    /// Whose name an action carries where it names nobody.
    pub who: String,
    /// The agent that they are, where the desk has one.
    pub agent: Option<u64>,
    /// The client id of the application that asks, where one does.
    pub client_id: Option<String>,
    pub scopes: Scopes,
    /// Whether HTML is sanitised before they are shown it.
    pub sanitised: bool,
}

/// What an access token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub client_id: String,
    /// The name of the application that it was given to.
    pub application: String,
    /// The agent in whose name it acts, where a person allowed it.
    pub agent: Option<u64>,
    pub scopes: Scopes,
}

impl Access {
    /// Recognises a caller. `grant` is what the shell knows of the token that the caller
    /// brought, and `None` where it is not one of the desk's, or not good any more.
    pub fn of(
        caller: &Caller,
        grant: Option<Grant>,
        records: &dyn Records,
    ) -> Result<Self, DeskError> {
        let agent = records.first(&AGENT)?;
        let access = |source, who, scopes| Self {
            source,
            depth: 0,
            who,
            agent,
            client_id: None,
            scopes,
            sanitised: false,
        };
        match caller {
            Caller::Nobody {} => Err(DeskError::NotSignedIn),
            Caller::Admin {} | Caller::Console {} => Ok(Self {
                sanitised: matches!(caller, Caller::Console {}),
                ..access(
                    EventSource::Person,
                    agent_name(records, agent)?,
                    Scopes::ALL,
                )
            }),
            Caller::Token { .. } => {
                let grant = grant.ok_or(DeskError::BadToken)?;
                let token = match grant.agent {
                    None => access(EventSource::Application, grant.application, grant.scopes),
                    Some(id) => {
                        // The token goes with its person.
                        let person = records.stored(&AGENT, id)?;
                        let person = person
                            .filter(|person| !person.is_true("inactive"))
                            .ok_or(DeskError::BadToken)?;
                        let who = person.text("name").to_owned();
                        Self {
                            agent: Some(id),
                            ..access(EventSource::Person, who, grant.scopes)
                        }
                    }
                };
                Ok(Self {
                    client_id: Some(grant.client_id),
                    ..token
                })
            }
            Caller::Runbook { name, scope } => {
                let scopes = Scopes::parse(scope.as_deref().unwrap_or_default())
                    .map_err(|_| DeskError::Scope { needed: "all" })?;
                Ok(access(EventSource::Runbook, name.clone(), scopes))
            }
            Caller::Nimbus {} => Ok(access(
                EventSource::Nimbus,
                "Nimbus".to_owned(),
                Scopes::ALL,
            )),
        }
    }

    /// Nobody: a time has come.
    pub fn clock() -> Self {
        Self {
            source: EventSource::Clock,
            depth: 0,
            who: "Nimbus".to_owned(),
            agent: None,
            client_id: None,
            scopes: Scopes::ALL,
            sanitised: false,
        }
    }

    /// The same caller, with so many runs above what they set off.
    #[must_use]
    pub fn at_depth(self, depth: u8) -> Self {
        Self { depth, ..self }
    }

    /// Refuses what the caller may not do.
    pub fn check(&self, area: Area, edit: bool) -> Result<(), DeskError> {
        if self.scopes.allows(area, edit) {
            Ok(())
        } else {
            Err(DeskError::Scope {
                needed: area.scope(edit),
            })
        }
    }
}

fn agent_name(records: &dyn Records, agent: Option<u64>) -> Result<String, StorageError> {
    let agent = match agent {
        Some(id) => records.stored(&AGENT, id)?,
        None => None,
    };
    Ok(agent.map_or_else(|| "Agent".to_owned(), |agent| agent.text("name").to_owned()))
}
