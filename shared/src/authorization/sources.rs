//! Where public starts may come from.

use std::net::IpAddr;

use ipnet::IpNet;

use super::Refusal;
use crate::signature::SettingsError;

/// The networks that starts may come from; any where there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources(Vec<IpNet>);

impl Sources {
    /// Reads addresses and networks in the form of CIDR.
    pub fn parse(texts: &[String]) -> Result<Self, SettingsError> {
        let networks = texts.iter().map(|text| {
            network(text.trim()).ok_or_else(|| SettingsError::Source { text: text.clone() })
        });
        networks.collect::<Result<_, _>>().map(Self)
    }

    /// Lets through what comes from one of them. Where the address is not known, nothing does.
    pub fn check(&self, from: Option<IpAddr>) -> Result<(), Refusal> {
        if self.0.is_empty() {
            return Ok(());
        }
        let from = from.ok_or(Refusal::UnknownSource)?.to_canonical();
        if self.0.iter().any(|network| network.contains(&from)) {
            Ok(())
        } else {
            Err(Refusal::Source { from })
        }
    }
}

fn network(text: &str) -> Option<IpNet> {
    let network = match text.parse::<IpNet>() {
        Ok(network) => network,
        Err(_) => IpNet::from(text.parse::<IpAddr>().ok()?),
    };
    // An IPv4 address in the clothes of IPv6 is compared as what it is.
    Some(match network {
        IpNet::V6(v6) => match v6.addr().to_ipv4_mapped() {
            Some(v4) => IpNet::new(v4.into(), v6.prefix_len().checked_sub(96)?).ok()?,
            None => network,
        },
        IpNet::V4(_) => network,
    })
}

/// What the runtime says of the connection that a request came on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Connection<'a> {
    /// `cf.clientIp`: workerd's own word, an address with a port. Nobody else can set it.
    pub client: Option<&'a str>,
    /// Whether the request came through Cloudflare's network, which sets the header below itself.
    pub is_through_cloudflare: bool,
    /// `CF-Connecting-IP`.
    pub header: Option<&'a str>,
}

impl Connection<'_> {
    /// The address of whoever connected, as far as its word can be trusted: headers are only believed
    /// where Cloudflare writes them.
    pub fn address(&self) -> Option<IpAddr> {
        if let Some(client) = self.client {
            return without_port(client);
        }
        if self.is_through_cloudflare {
            return self.header?.trim().parse().ok();
        }
        None
    }
}

fn without_port(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse::<std::net::SocketAddr>() {
        return Some(address.ip());
    }
    text.trim_matches(['[', ']']).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_their_networks() {
        for (sources, from, expected) in [
            (&[][..], "203.0.113.7", true),
            (&["203.0.113.7"], "203.0.113.7", true),
            (&["203.0.113.7"], "203.0.113.8", false),
            (&["203.0.113.0/24"], "203.0.113.255", true),
            (&["203.0.113.77/24"], "203.0.113.1", true),
            (&["203.0.113.0/24"], "203.0.114.0", false),
            (&["0.0.0.0/0"], "198.51.100.1", true),
            (&["0.0.0.0/0"], "2001:db8::1", false),
            (&["2001:db8::/32"], "2001:db8:ffff::1", true),
            (&["2001:db8::/32"], "2001:db9::1", false),
            (&["::/0"], "2001:db9::1", true),
            (&["::/0"], "203.0.113.7", false),
            (&["203.0.113.0/24"], "::ffff:203.0.113.7", true),
            (&["::ffff:203.0.113.0/120"], "203.0.113.7", true),
            (&["::ffff:203.0.113.7"], "203.0.113.7", true),
            (&[" 203.0.113.7 ", "2001:db8::1"], "2001:db8::1", true),
            (&["127.0.0.0/8"], "127.0.0.1", true),
        ] {
            let texts: Vec<String> = sources.iter().map(|text| (*text).to_owned()).collect();
            let sources = Sources::parse(&texts).unwrap();
            let verdict = sources.check(Some(from.parse().unwrap()));
            assert_eq!(verdict.is_ok(), expected, "{from} in {texts:?}");
            assert_eq!(sources.check(None).is_ok(), texts.is_empty(), "{texts:?}");
        }
    }

    #[test]
    fn what_is_no_network_is_named() {
        for text in [
            "",
            "example.com",
            "203.0.113.0/33",
            "203.0.113",
            "1.2.3.4-5",
            "::1/129",
            "::ffff:1.2.3.4/90",
        ] {
            let refused = Sources::parse(&["::1".to_owned(), text.to_owned()]).unwrap_err();
            assert_eq!(
                refused,
                SettingsError::Source {
                    text: text.to_owned()
                }
            );
        }
    }

    #[test]
    fn only_the_runtime_is_believed() {
        let connection = |client, is_through_cloudflare, header| Connection {
            client,
            is_through_cloudflare,
            header,
        };
        for (given, expected) in [
            (
                connection(Some("127.0.0.1:34138"), false, None),
                Some("127.0.0.1"),
            ),
            (connection(Some("[::1]:34138"), false, None), Some("::1")),
            (connection(Some("::1"), false, None), Some("::1")),
            (
                connection(Some("127.0.0.1:1"), false, Some("203.0.113.7")),
                Some("127.0.0.1"),
            ),
            (
                connection(Some("unix:/socket"), true, Some("203.0.113.7")),
                None,
            ),
            (
                connection(None, true, Some("203.0.113.7")),
                Some("203.0.113.7"),
            ),
            (
                connection(None, true, Some("2001:db8::1")),
                Some("2001:db8::1"),
            ),
            (connection(None, true, Some("203.0.113.7, 10.0.0.1")), None),
            (connection(None, true, None), None),
            (connection(None, false, Some("203.0.113.7")), None),
            (connection(None, false, None), None),
        ] {
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(given.address(), expected, "{given:?}");
        }
    }
}
