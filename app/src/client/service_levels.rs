//! Service levels, each known by its number.

use serde::Deserialize;
use shared::api::{List, ServiceLevelPreview, ServiceLevelRecord};
use shared::desk::service_level::ServiceLevel;

use super::Fault;
use super::request::{encoded, get, post, put};

const ADDRESS: &str = "/console/service-levels";

pub async fn service_levels() -> Result<List<ServiceLevelRecord>, Fault> {
    get(ADDRESS).await
}

pub async fn service_level(id: &str) -> Result<ServiceLevelRecord, Fault> {
    get(&format!("{ADDRESS}/{}", encoded(id))).await
}

/// The server gives it a number.
pub async fn create_service_level(level: &ServiceLevel) -> Result<ServiceLevelRecord, Fault> {
    post(ADDRESS, level).await
}

pub async fn save_service_level(
    version: u64,
    level: &ServiceLevel,
) -> Result<ServiceLevelRecord, Fault> {
    put(&service_level_path(level.id), version, level).await
}

/// Where a service level is deleted.
pub fn service_level_path(id: u64) -> String {
    format!("{ADDRESS}/{id}")
}

/// What it would make of tickets that are reported now, and what keeps it from being saved.
pub async fn preview_service_level(level: &ServiceLevel) -> Result<ServiceLevelPreview, Fault> {
    post(&format!("{ADDRESS}/preview"), level).await
}

/// The names of all time zones.
pub async fn time_zones() -> Result<Vec<String>, Fault> {
    #[derive(Deserialize)]
    struct Answer {
        time_zones: Vec<String>,
    }
    let answer: Answer = get(&format!("{ADDRESS}/time-zones")).await?;
    Ok(answer.time_zones)
}
