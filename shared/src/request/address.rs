//! Which addresses requests may go to. What a URL says can be judged here; what a name
//! resolves to is judged by the network that carries the request.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use url::Host;

use crate::problem::ErrorDetail;

/// What outbound requests may reach; the `--allow` of a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allow {
    /// The internet.
    pub public: bool,
    /// Networks of one's own (RFC 1918, RFC 4193, RFC 6598).
    pub private: bool,
    /// This very machine.
    pub local: bool,
}

impl Default for Allow {
    fn default() -> Self {
        Self {
            public: true,
            private: false,
            local: false,
        }
    }
}

impl Allow {
    /// As [`Allow::parse`] reads it.
    fn written(self) -> String {
        let words = [
            (self.public, "public"),
            (self.private, "private"),
            (self.local, "local"),
        ];
        let words = words.into_iter().filter(|(is_allowed, _)| *is_allowed);
        words.map(|(_, word)| word).collect::<Vec<_>>().join(",")
    }

    /// Reads a list such as `public,local`.
    pub fn parse(text: &str) -> Result<Self, ErrorDetail> {
        let mut allow = Self {
            public: false,
            private: false,
            local: false,
        };
        for word in text
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
        {
            match word {
                "public" => allow.public = true,
                "private" => allow.private = true,
                "local" => allow.local = true,
                other => {
                    return Err(ErrorDetail::new(
                        "unknown_address_kind",
                        format!(
                            "`{other}` is not known: use public, private and local, with commas between them"
                        ),
                    ));
                }
            }
        }
        Ok(allow)
    }
}

/// Why an address is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressError {
    host: String,
    kind: Kind,
    /// What is allowed already, so that the remedy takes nothing away.
    allow: Allow,
}

impl AddressError {
    pub fn code(&self) -> &'static str {
        "address_refused"
    }
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (host, allow) = (&self.host, self.allow);
        match self.kind {
            Kind::Public | Kind::Name => write!(
                f,
                "`{host}` is on the internet, which this deployment does not reach: start it with `--allow {}`",
                Allow {
                    public: true,
                    ..allow
                }
                .written()
            ),
            Kind::Private => write!(
                f,
                "`{host}` is in a private network, which this deployment does not reach: start it with `--allow {}`",
                Allow {
                    private: true,
                    ..allow
                }
                .written()
            ),
            Kind::Local => write!(
                f,
                "`{host}` is the machine that Nimbus runs on, which it does not reach: start it with `--allow {}`",
                Allow {
                    local: true,
                    ..allow
                }
                .written()
            ),
            Kind::Never => write!(
                f,
                "`{host}` is an address that requests never go to, such as a cloud's metadata service: use the service's own name"
            ),
        }
    }
}

impl std::error::Error for AddressError {}

impl From<AddressError> for ErrorDetail {
    fn from(error: AddressError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

/// Judges the host of a URL. Every hop of a redirect is to be judged like the first.
pub fn check(host: &Host<&str>, allow: Allow) -> Result<(), AddressError> {
    let kind = match host {
        Host::Domain(name) => kind_of_name(name),
        Host::Ipv4(address) => kind_of_v4(*address),
        Host::Ipv6(address) => kind_of_v6(*address),
    };
    let is_allowed = match kind {
        Kind::Public => allow.public,
        Kind::Private => allow.private,
        Kind::Local => allow.local,
        // Where it leads is only known when it is looked up.
        Kind::Name => allow.public || allow.private,
        Kind::Never => false,
    };
    if is_allowed {
        Ok(())
    } else {
        Err(AddressError {
            host: host.to_string(),
            kind,
            allow,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Public,
    Private,
    Local,
    /// A name that may lead anywhere.
    Name,
    /// Neither of them: link-local, metadata, multicast, documentation, reserved.
    Never,
}

/// Suffixes that never exist on the internet (RFC 6762, RFC 8375, and ICANN's `internal`).
const PRIVATE_SUFFIXES: [&str; 6] = [
    "local",
    "internal",
    "home.arpa",
    "lan",
    "intranet",
    "localdomain",
];

fn kind_of_name(name: &str) -> Kind {
    // The parser has made it lower case; a dot at the end names the same host.
    let name = name.strip_suffix('.').unwrap_or(name);
    let ends_with = |suffix: &str| {
        name.strip_suffix(suffix)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    if name == "metadata.google.internal" {
        Kind::Never
    } else if ends_with("localhost") || name == "localhost.localdomain" {
        Kind::Local
    } else if !name.contains('.') || PRIVATE_SUFFIXES.into_iter().any(ends_with) {
        Kind::Private
    } else {
        Kind::Name
    }
}

/// IANA's registry of special-purpose addresses (RFC 6890), and the metadata services outside it.
fn kind_of_v4(address: Ipv4Addr) -> Kind {
    match address.octets() {
        // Azure's wire server, and Alibaba's metadata in the range of carrier NAT.
        [168, 63, 129, 16] | [100, 100, 100, 200] => Kind::Never,
        // `0.0.0.0` reaches the machine itself.
        [127, ..] | [0, 0, 0, 0] => Kind::Local,
        [10, ..]
        | [172, 16..=31, ..]
        | [192, 168, ..]
        | [100, 64..=127, ..]
        | [198, 18..=19, ..] => Kind::Private,
        [0 | 224..=255, ..]
        | [169, 254, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 51, 100, _]
        | [203, 0, 113, _] => Kind::Never,
        _ => Kind::Public,
    }
}

fn kind_of_v6(address: Ipv6Addr) -> Kind {
    let segments = address.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        kind_of_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => Kind::Local,
        // Addresses that carry another one: IPv4-compatible and IPv4-mapped (RFC 4291),
        // IPv4-translated (RFC 2765), NAT64 (RFC 6052), 6to4 (RFC 3056), ISATAP (RFC 5214).
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..]
        | [0x2000..=0x3fff, _, _, _, 0 | 0x200, 0x5efe, high, low] => embedded(high, low),
        // Teredo and its neighbours (RFC 2928), documentation (RFC 3849, RFC 9637), and AWS's
        // metadata in the range of unique local addresses.
        [0x2001, 0..=0x1ff | 0xdb8, ..]
        | [0x3fff, 0..=0xfff, ..]
        | [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254] => Kind::Never,
        // NAT64 with a prefix of one's own (RFC 8215), unique local (RFC 4193), and the
        // site-local ones before them.
        [0x64, 0xff9b, 1, ..] | [0xfc00..=0xfdff | 0xfec0..=0xfeff, ..] => Kind::Private,
        [0x2000..=0x3fff, ..] => Kind::Public,
        _ => Kind::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    fn kind(host: &str) -> Kind {
        let url = Url::parse(&format!("http://{host}/")).unwrap();
        match url.host().unwrap() {
            Host::Domain(name) => kind_of_name(name),
            Host::Ipv4(address) => kind_of_v4(address),
            Host::Ipv6(address) => kind_of_v6(address),
        }
    }

    #[test]
    fn every_spelling_of_an_address_is_seen_through() {
        for (expected, hosts) in [
            (
                Kind::Local,
                "127.0.0.1 127.1 0x7f.1 2130706433 0177.0.0.1 0x7f000001 127.255.255.254 0.0.0.0 0 \
                 localhost LOCALHOST localhost. api.localhost [::1] [::] [::ffff:127.0.0.1] \
                 [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::127.0.0.1] [2002:7f00:1::] \
                 [0:0:0:0:0:ffff:7f00:1] [::ffff:0:127.0.0.1] [2001:4860::5efe:127.0.0.1] 127.0.0.1. \
                 %31%32%37.0.0.1 １２７.0.0.1 localhost.localdomain",
            ),
            (
                Kind::Private,
                "10.0.0.1 10.1 172.16.0.1 172.31.255.255 192.168.1.1 3232235777 100.64.0.1 100.127.255.255 \
                 198.18.0.1 [fc00::1] [fd12:3456::1] [fec0::1] [::ffff:10.0.0.1] [64:ff9b::10.0.0.1] \
                 [2002:c0a8:101::] [64:ff9b:1::1] intranet printer.local db.internal host.docker.internal \
                 router.home.arpa nas.lan",
            ),
            (
                Kind::Never,
                "169.254.169.254 0xa9fea9fe 2852039166 168.63.129.16 100.100.100.200 192.0.0.192 0.1.2.3 \
                 224.0.0.1 239.1.1.1 255.255.255.255 240.0.0.1 192.0.2.1 198.51.100.1 203.0.113.9 \
                 [fe80::1] [ff02::1] [fd00:ec2::254] [::ffff:169.254.169.254] [2002:a9fe:a9fe::] \
                 [64:ff9b::a9fe:a9fe] [2001::1] [2001:db8::1] [100::1] [1::1] metadata.google.internal \
                 metadata.google.internal.",
            ),
            (
                Kind::Public,
                "1.1.1.1 8.8.8.8 172.32.0.1 172.15.0.1 100.128.0.1 100.63.0.1 192.0.1.1 192.169.0.1 11.0.0.1 \
                 [2606:4700::1111] [2a00::1] [::ffff:1.1.1.1] [64:ff9b::8.8.8.8] [2002:808:808::]",
            ),
            (
                Kind::Name,
                "api.openai.com example.com. mylocalhost.com localhost.example.com internal.example.com xn--bcher-kva.example",
            ),
        ] {
            for host in hosts.split_whitespace() {
                assert_eq!(kind(host), expected, "{host}");
            }
        }
    }

    #[test]
    fn what_is_not_allowed_is_refused_with_the_switch_that_allows_it() {
        for (allow, host, hint) in [
            ("public", "http://api.example.com/", None),
            ("public", "http://1.1.1.1/", None),
            ("public", "http://127.0.0.1/", Some("--allow public,local")),
            ("public,local", "http://127.0.0.1/", None),
            ("public", "http://10.0.0.1/", Some("--allow public,private")),
            (" public , private ", "http://10.0.0.1/", None),
            (
                "public,private,local",
                "http://169.254.169.254/",
                Some("never"),
            ),
            ("private", "http://wiki.example.com/", None),
            ("private", "http://1.1.1.1/", Some("--allow public")),
            (
                "local",
                "http://wiki.example.com/",
                Some("--allow public,local"),
            ),
            ("", "http://localhost/", Some("--allow local")),
            (
                "public,local",
                "http://10.0.0.1/",
                Some("--allow public,private,local`"),
            ),
        ] {
            let url = Url::parse(host).unwrap();
            let allow = Allow::parse(allow).unwrap();
            let found = check(&url.host().unwrap(), allow).map_err(|e| e.to_string());
            match hint {
                None => assert_eq!(found, Ok(()), "{host}"),
                Some(hint) => assert!(found.unwrap_err().contains(hint), "{host}"),
            }
        }
        assert!(
            Allow::parse("public,everything")
                .unwrap_err()
                .message
                .contains("everything")
        );
    }
}
