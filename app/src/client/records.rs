//! The desk's records, whatever their resource.

use serde_json::{Value, json};
use shared::api::{RuleTrial, RuleTrialRequest};
use shared::desk::{Record, Resource};

use super::Fault;
use super::request::{delete, get, post, post_keyed};

/// Some records of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Records {
    pub records: Vec<Record>,
    /// How many there are in all; `None` where the desk does not say, as of lists that are bare arrays.
    pub count: Option<u64>,
}

/// A list, by the parameters of its address.
pub async fn records(resource: &'static Resource, query: &str) -> Result<Records, Fault> {
    let answer: Value = get(&format!("/api/{}?{query}", resource.name)).await?;
    let unreadable = || Fault::Unreadable(format!("no list of {}", resource.name));
    let count = answer.get("record_count").and_then(Value::as_u64);
    let list = match (resource.list_key, answer) {
        (Some(key), Value::Object(mut answer)) => answer.remove(key),
        (None, list) => Some(list),
        _ => None,
    };
    let Some(Value::Array(list)) = list else {
        return Err(unreadable());
    };
    let records = list.into_iter().filter_map(|record| match record {
        Value::Object(record) => Some(record),
        _ => None,
    });
    Ok(Records {
        records: records.collect(),
        count,
    })
}

/// All records of a list, however many pages they take.
pub async fn all_records(resource: &'static Resource, query: &str) -> Result<Vec<Record>, Fault> {
    const SIZE: usize = 500;
    let mut all = Vec::new();
    for page in 1.. {
        let query = format!("{query}&pageinate=true&page_size={SIZE}&page_no={page}");
        let got = records(resource, &query).await?.records;
        let last = got.len() < SIZE;
        all.extend(got);
        if last {
            break;
        }
    }
    Ok(all)
}

pub async fn record(resource: &'static Resource, id: u64) -> Result<Record, Fault> {
    get(&format!("/api/{}/{id}", resource.name)).await
}

/// Those of some ids that there are, in their order.
pub async fn records_by_ids(resource: &'static Resource, ids: Vec<u64>) -> Vec<Record> {
    let mut found = Vec::new();
    for id in ids {
        found.extend(record(resource, id).await.ok());
    }
    found
}

/// Makes a record, or changes the one whose id is among the fields.
pub async fn write_record(resource: &'static Resource, fields: Record) -> Result<Record, Fault> {
    post(&format!("/api/{}", resource.name), &json!([fields])).await
}

/// Writes several records, or none of them; gives their ids. Sent again with the same key, they are not written twice.
pub async fn write_records(
    resource: &'static Resource,
    key: &str,
    records: &[Record],
) -> Result<Vec<u64>, Fault> {
    let answer: Value = post_keyed(&format!("/api/{}", resource.name), key, &records).await?;
    let written = match answer {
        Value::Array(written) => written,
        one => vec![one],
    };
    Ok(written
        .iter()
        .filter_map(|record| record["id"].as_u64())
        .collect())
}

/// What the ticket rules would make of a ticket; nothing is changed.
pub async fn try_rules(trial: &RuleTrialRequest) -> Result<RuleTrial, Fault> {
    post("/console/ticket-rules/try", trial).await
}

/// Deletes a record; one that is gone is deleted.
pub async fn delete_record(resource: &'static Resource, id: u64) -> Result<(), Fault> {
    match delete(&format!("/api/{}/{id}", resource.name)).await {
        Err(Fault::Refused { status: 404, .. }) => Ok(()),
        answer => answer,
    }
}
