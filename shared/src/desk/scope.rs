//! What a login may do: `all`, or single permissions such as `read:tickets edit:customers`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A part of the desk that is permitted as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    Tickets,
    Customers,
    Assets,
    /// The knowledge base.
    Articles,
    /// Statuses, ticket types, agents and the like: whoever has a login may read them,
    /// because nothing else can be understood without them; only `admin` may change them.
    Configuration,
}

impl Area {
    const fn bit(self, edit: bool) -> u32 {
        let place = match self {
            Self::Tickets => 0,
            Self::Customers => 2,
            Self::Configuration => 4,
            Self::Assets => 6,
            Self::Articles => 8,
        };
        1 << (if edit { place + 1 } else { place })
    }

    /// The scope that permits this.
    pub const fn scope(self, edit: bool) -> &'static str {
        match (self, edit) {
            (Self::Tickets, false) => "read:tickets",
            (Self::Tickets, true) => "edit:tickets",
            (Self::Customers, false) => "read:customers",
            (Self::Customers, true) => "edit:customers",
            (Self::Assets, false) => "read:assets",
            (Self::Assets, true) => "edit:assets",
            (Self::Articles, false) => "read:kb",
            (Self::Articles, true) => "edit:kb",
            (Self::Configuration, false) => "any",
            (Self::Configuration, true) => "admin",
        }
    }
}

/// The single permissions, in the order in which they are written. To edit is to read,
/// too: the answer to a write is the record.
const PERMISSIONS: [(&str, u32); 9] = [
    ("admin", Area::Configuration.bit(true)),
    ("read:tickets", Area::Tickets.bit(false)),
    (
        "edit:tickets",
        Area::Tickets.bit(true) | Area::Tickets.bit(false),
    ),
    ("read:customers", Area::Customers.bit(false)),
    (
        "edit:customers",
        Area::Customers.bit(true) | Area::Customers.bit(false),
    ),
    ("read:assets", Area::Assets.bit(false)),
    (
        "edit:assets",
        Area::Assets.bit(true) | Area::Assets.bit(false),
    ),
    ("read:kb", Area::Articles.bit(false)),
    (
        "edit:kb",
        Area::Articles.bit(true) | Area::Articles.bit(false),
    ),
];

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scopes(u32);

/// No scope that the desk knows was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownScopes;

impl fmt::Display for UnknownScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("all, or some of")?;
        for (name, _) in PERMISSIONS {
            write!(f, " {name}")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownScopes {}

impl Scopes {
    /// Everything.
    pub const ALL: Self = Self(u32::MAX);
    /// Nothing, as a form may hold it while one chooses.
    pub const NONE: Self = Self(0);

    /// What a single permission, or `all`, permits, for people.
    pub fn about(name: &str) -> &'static str {
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

    /// The names of the single permissions, and `all`.
    pub fn known() -> impl Iterator<Item = &'static str> {
        std::iter::once("all").chain(PERMISSIONS.iter().map(|(name, _)| *name))
    }

    /// Reads scopes between spaces. Those that the desk does not know are passed over, as
    /// RFC 6749 (3.3) allows, as long as one is left; no scope at all means `all`.
    pub fn parse(text: &str) -> Result<Self, UnknownScopes> {
        let mut names = text.split_ascii_whitespace().peekable();
        if names.peek().is_none() {
            return Ok(Self::ALL);
        }
        let bits = names.fold(0, |bits, name| bits | Self::bits_of(name));
        if bits == 0 {
            return Err(UnknownScopes);
        }
        Ok(Self(bits))
    }

    /// Reads what an application may have at most. A name that is not known is refused here: it would be a mistake
    /// that nobody sees. Those that only say how a login works permit nothing and are passed over.
    pub fn of_application(text: &str) -> Result<Self, String> {
        const OF_LOGINS: [&str; 4] = ["openid", "profile", "email", "offline_access"];
        let mut bits = 0;
        for name in text.split_ascii_whitespace() {
            match Self::bits_of(name) {
                0 if OF_LOGINS
                    .iter()
                    .any(|other| name.eq_ignore_ascii_case(other)) => {}
                0 => {
                    return Err(format!(
                        "there is no scope `{name}`. Choose {UnknownScopes}"
                    ));
                }
                more => bits |= more,
            }
        }
        if bits == 0 {
            return Err(format!("choose at least one scope: {UnknownScopes}"));
        }
        Ok(Self(bits))
    }

    /// The names of what is permitted.
    pub fn names(self) -> Vec<&'static str> {
        if self == Self::ALL {
            return vec!["all"];
        }
        let held = PERMISSIONS.into_iter();
        held.filter(|(_, bits)| self.0 & bits == *bits)
            .map(|(name, _)| name)
            .collect()
    }

    /// The same with one single permission added or taken away. What can be edited can be read, so taking the
    /// reading away takes the editing, too; everything less one is all the others.
    #[must_use]
    pub fn with(self, name: &str, on: bool) -> Self {
        let named = Self::bits_of(name);
        if on {
            return Self(self.0 | named);
        }
        let held = PERMISSIONS.into_iter();
        let left = held.filter(|(_, bits)| self.0 & bits == *bits && bits & named != named);
        Self(left.fold(0, |bits, (_, more)| bits | more))
    }

    /// Whether this single permission is held.
    pub fn holds(self, name: &str) -> bool {
        let named = Self::bits_of(name);
        named != 0 && self.0 & named == named
    }

    /// All single permissions, in the order in which they are written.
    pub fn permissions() -> impl Iterator<Item = &'static str> {
        PERMISSIONS.into_iter().map(|(name, _)| name)
    }

    fn bits_of(name: &str) -> u32 {
        if ["all", "all:standard"]
            .iter()
            .any(|all| name.eq_ignore_ascii_case(all))
        {
            return u32::MAX;
        }
        PERMISSIONS
            .iter()
            .find(|(known, _)| name.eq_ignore_ascii_case(known))
            .map_or(0, |(_, bits)| *bits)
    }

    /// What both sets permit.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn allows(self, area: Area, edit: bool) -> bool {
        match (area, edit) {
            (Area::Configuration, false) => !self.is_empty(),
            _ => self.0 & area.bit(edit) != 0,
        }
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join(" "))
    }
}

impl TryFrom<String> for Scopes {
    type Error = UnknownScopes;

    fn try_from(text: String) -> Result<Self, UnknownScopes> {
        Self::parse(&text)
    }
}

impl From<Scopes> for String {
    fn from(scopes: Scopes) -> Self {
        scopes.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_words() {
        for name in Scopes::known() {
            assert_ne!(Scopes::about(name), Scopes::about("fly"), "{name}");
        }
    }

    #[test]
    fn scopes_permit_what_they_name_and_no_more() {
        use Area::{Configuration, Customers, Tickets};
        for (text, written, allowed, refused) in [
            (
                "",
                "all",
                vec![(Tickets, true), (Configuration, true)],
                vec![],
            ),
            ("ALL offline_access", "all", vec![(Customers, true)], vec![]),
            (
                "read:tickets",
                "read:tickets",
                vec![(Tickets, false), (Configuration, false)],
                vec![(Tickets, true), (Customers, false), (Configuration, true)],
            ),
            (
                "Edit:Customers openid",
                "read:customers edit:customers",
                vec![(Customers, true), (Customers, false)],
                vec![(Tickets, false), (Tickets, true)],
            ),
            (
                "admin",
                "admin",
                vec![(Configuration, true)],
                vec![(Tickets, false), (Customers, true)],
            ),
        ] {
            let scopes = Scopes::parse(text).unwrap();
            assert_eq!(scopes.to_string(), written, "{text}");
            assert_eq!(Scopes::parse(written).unwrap(), scopes, "{text}");
            for (area, edit) in allowed {
                assert!(scopes.allows(area, edit), "{text}: {area:?} {edit}");
            }
            for (area, edit) in refused {
                assert!(!scopes.allows(area, edit), "{text}: {area:?} {edit}");
            }
        }
        assert_eq!(Scopes::parse("openid read:nothing"), Err(UnknownScopes));
    }

    #[test]
    fn single_permissions_are_added_and_taken_away() {
        for (held, name, on, expected) in [
            (
                "read:kb",
                "edit:tickets",
                true,
                "read:tickets edit:tickets read:kb",
            ),
            (
                "edit:tickets read:kb",
                "edit:tickets",
                false,
                "read:tickets read:kb",
            ),
            ("edit:tickets read:kb", "read:tickets", false, "read:kb"),
            ("read:kb", "read:kb", false, ""),
            ("read:kb", "admin", false, "read:kb"),
            (
                "all",
                "read:kb",
                false,
                "admin read:tickets edit:tickets read:customers edit:customers read:assets edit:assets",
            ),
            ("all", "read:kb", true, "all"),
        ] {
            let changed = Scopes::parse(held).unwrap().with(name, on);
            assert_eq!(changed.to_string(), expected, "{held} {name} {on}");
            assert!(on == changed.holds(name) || held == "all" || name == "admin");
        }
    }

    #[test]
    fn narrowed_scopes_are_what_both_sides_permit() {
        let held = Scopes::parse("read:tickets edit:customers").unwrap();
        let asked = Scopes::parse("all").unwrap();
        assert_eq!(held.and(asked), held);
        let asked = Scopes::parse("edit:tickets").unwrap();
        assert_eq!(held.and(asked).to_string(), "read:tickets");
        assert!(
            held.and(Scopes::parse("admin").unwrap()).is_empty(),
            "nothing in common"
        );
    }
}
