//! Import and export.

use shared::model::Bundle;
use worker::Response;

use super::{Call, raw};
use crate::door::body;
use crate::error::Failure;
use crate::object::Reply;
use crate::workspace::client;
use crate::workspace::protocol;

/// `POST /console/import`.
pub(super) async fn import(mut call: Call<'_>) -> Result<Response, Failure> {
    let bundle = Box::new(Bundle::parse(&body::read(&mut call.request).await?)?);
    let import = protocol::Call::Import {
        bundle,
        by: call.by,
    };
    raw(&client::call::<Reply>(call.env, &import).await?)
}

/// `GET /console/export`.
pub(super) async fn export(call: &Call<'_>) -> Result<Response, Failure> {
    raw(&client::call::<Reply>(call.env, &protocol::Call::Export {}).await?)
}
