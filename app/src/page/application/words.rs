//! Scopes as people read them.

use shared::desk::Scopes;

/// What a single permission, or `all`, permits.
pub(crate) fn scope_words(name: &str) -> &'static str {
    match name {
        "all" => "Everything",
        "admin" => "Change statuses, agents, lookups and other settings of the desk",
        "read:tickets" => "Read tickets and their actions",
        "edit:tickets" => "Make, change and delete tickets and actions",
        "read:customers" => "Read customers, sites and users",
        "edit:customers" => "Make, change and delete customers, sites and users",
        "read:assets" => "Read assets",
        "edit:assets" => "Make, change and delete assets",
        "read:kb" => "Read the knowledge base",
        "edit:kb" => "Write the knowledge base",
        _ => "Something that this page does not know",
    }
}

/// Single permissions in pairs: what reads, and what edits.
pub(super) fn permissions() -> Vec<&'static str> {
    Scopes::permissions().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_words() {
        let unknown = scope_words("fly");
        for name in permissions().into_iter().chain(["all"]) {
            assert_ne!(scope_words(name), unknown, "{name}");
        }
    }
}
