//! Testing a method: `POST /console/methods/{id}/test` and `POST /console/methods/test`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::{ReceivedResponse, SentRequest};
use crate::model::{IntegrationId, Method, RawJson};
use crate::problem::ErrorDetail;

/// Sends the method once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestRequest {
    /// Sample values by variable name; JSON values.
    #[serde(default)]
    pub variables: BTreeMap<String, RawJson>,
    /// An unsaved method to send in place of the stored one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// The unsaved method's integration; may be missing where the method is stored already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integration: Option<IntegrationId>,
}

/// What was sent and what came back. Also answers 200 when the request failed: the test worked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestReport {
    /// Missing where no request could be built.
    pub request: Option<SentRequest>,
    pub response: Option<ReceivedResponse>,
    pub time_ms: u32,
    pub outputs: Vec<OutputResult>,
    /// Why there is no request or no response; its place names the field.
    pub error: Option<ErrorDetail>,
    /// Such as equal keys in an object of the response.
    pub warnings: Vec<String>,
}

/// One output variable's value, or why it has none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutputResult {
    pub name: String,
    /// JSON text, or the text without its quotes where the path ends with `!`.
    pub value: Option<String>,
    pub error: Option<ErrorDetail>,
}
