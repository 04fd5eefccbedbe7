//! Scopes as people read them.

use shared::desk::Scopes;

/// Single permissions in pairs: what reads, and what edits.
pub(super) fn permissions() -> Vec<&'static str> {
    Scopes::permissions().collect()
}
