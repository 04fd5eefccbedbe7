//! What outbound requests may reach.

use std::{fmt, str::FromStr};

/// A part of the network, in the runtime's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// Addresses of the open internet.
    Public,
    /// Addresses of private networks.
    Private,
    /// This machine's own addresses.
    Local,
}

/// The networks that outbound requests may reach; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Networks(Vec<Network>);

impl Networks {
    /// One entry each, in the order they were named.
    pub fn iter(&self) -> impl Iterator<Item = Network> {
        self.0.iter().copied()
    }
}

impl Default for Networks {
    /// The open internet only.
    fn default() -> Self {
        Self(vec![Network::Public])
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Local => "local",
        })
    }
}

impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.0.iter().map(Network::to_string).collect();
        f.write_str(&names.join(","))
    }
}

impl FromStr for Networks {
    type Err = String;

    /// Reads `public,private,local` or a part of it.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut networks = Vec::new();
        for name in text.split(',') {
            let network = match name.trim() {
                "public" => Network::Public,
                "private" => Network::Private,
                "local" => Network::Local,
                other => return Err(format!("`{other}` is not one of public, private and local")),
            };
            if !networks.contains(&network) {
                networks.push(network);
            }
        }
        Ok(Self(networks))
    }
}

#[cfg(test)]
mod tests {
    use super::Networks;

    #[test]
    fn networks_are_read_and_written() {
        let cases = [
            ("public", Some("public")),
            ("public,local", Some("public,local")),
            (" local , public,local", Some("local,public")),
            ("", None),
            ("public,", None),
            ("everything", None),
        ];
        for (text, expected) in cases {
            let read = text
                .parse::<Networks>()
                .ok()
                .map(|networks| networks.to_string());
            assert_eq!(read.as_deref(), expected, "{text:?}");
        }
    }
}
