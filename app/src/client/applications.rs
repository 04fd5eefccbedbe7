//! API applications, each known by its client id.

use serde_json::json;
use shared::api::{ApplicationRecord, AuthorizeAnswer, AuthorizeRequest, List};
use shared::model::Application;

use super::Fault;
use super::request::{encoded, get, post, post_for_nothing, put};

const ADDRESS: &str = "/console/applications";

fn of(client_id: &str) -> String {
    format!("{ADDRESS}/{}", encoded(client_id))
}

pub async fn applications() -> Result<List<ApplicationRecord>, Fault> {
    get(ADDRESS).await
}

pub async fn application(client_id: &str) -> Result<ApplicationRecord, Fault> {
    get(&of(client_id)).await
}

/// The server gives the client id and the secret, which no other answer holds.
pub async fn create_application(application: &Application) -> Result<ApplicationRecord, Fault> {
    post(ADDRESS, application).await
}

pub async fn save_application(
    version: u64,
    application: &Application,
) -> Result<ApplicationRecord, Fault> {
    put(&of(&application.client_id), version, application).await
}

/// Where an application is deleted.
pub fn application_path(client_id: &str) -> String {
    of(client_id)
}

/// The answer holds the new secret.
pub async fn renew_secret(client_id: &str) -> Result<ApplicationRecord, Fault> {
    post(&format!("{}/secret", of(client_id)), &json!({})).await
}

pub async fn revoke_tokens(client_id: &str) -> Result<(), Fault> {
    post_for_nothing(&format!("{}/revoke", of(client_id)), &json!({})).await
}

/// What a person is asked to allow, or where their answer leads.
pub async fn authorize(request: &AuthorizeRequest) -> Result<AuthorizeAnswer, Fault> {
    post(&format!("{ADDRESS}/authorize"), request).await
}
