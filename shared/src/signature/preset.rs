//! How well-known services sign what they send: a page of data for each.

use super::{Hmac, KeyForm, PublicKeys, Signed, TimestampPlace};
use crate::model::{Digest, DigestEncoding, SignatureScheme};

/// What a service's documentation says of its signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    pub scheme: SignatureScheme,
    /// As the service calls itself.
    pub name: &'static str,
    /// Where its secret is found, and what else is to be set there; in sentences.
    pub secret: &'static str,
    pub algorithm: Digest,
    pub encoding: DigestEncoding,
    /// The header that holds the signature.
    pub header: &'static str,
    /// Stands before the signature.
    pub prefix: &'static str,
    /// Where the header is a list of signatures, any of which may fit: what stands between them.
    separator: Option<char>,
    timestamp: Option<Stamp>,
    /// What is signed; see [`Hmac::with_signed`].
    pub signed: &'static str,
    pub(super) key: KeyForm,
    pub(super) public_keys: Option<PublicKeys>,
    body_digest: Option<&'static str>,
    /// Where it sends forms, the field that holds the JSON; see [`Hmac::json_field`].
    json_field: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stamp {
    Header(&'static str),
    /// A member of the list, after this.
    Member(&'static str),
}

const PLAIN: Preset = Preset {
    scheme: SignatureScheme::Hmac,
    name: "",
    secret: "",
    algorithm: Digest::Sha256,
    encoding: DigestEncoding::Hex,
    header: "",
    prefix: "",
    separator: None,
    timestamp: None,
    signed: "<<body>>",
    key: KeyForm::Text,
    public_keys: None,
    body_digest: None,
    json_field: None,
};

/// In the order in which they are offered.
pub const PRESETS: [Preset; 6] = [
    // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    Preset {
        scheme: SignatureScheme::Github,
        name: "GitHub",
        secret: "The secret key is the secret that you enter where you add the webhook.",
        header: "X-Hub-Signature-256",
        prefix: "sha256=",
        // https://docs.github.com/en/webhooks/using-webhooks/creating-webhooks, of the content types
        json_field: Some("payload"),
        ..PLAIN
    },
    // https://docs.stripe.com/webhooks/signature
    Preset {
        scheme: SignatureScheme::Stripe,
        name: "Stripe",
        secret: "The secret key is the signing secret of the endpoint in Stripe's Workbench; it begins with whsec_.",
        header: "Stripe-Signature",
        prefix: "v1=",
        separator: Some(','),
        timestamp: Some(Stamp::Member("t=")),
        signed: "<<timestamp>>.<<body>>",
        ..PLAIN
    },
    // https://api.slack.com/authentication/verifying-requests-from-slack
    Preset {
        scheme: SignatureScheme::Slack,
        name: "Slack",
        secret: "The secret key is the signing secret under Basic Information of your Slack app.",
        header: "X-Slack-Signature",
        prefix: "v0=",
        timestamp: Some(Stamp::Header("X-Slack-Request-Timestamp")),
        signed: "v0:<<timestamp>>:<<body>>",
        ..PLAIN
    },
    // https://shopify.dev/docs/apps/build/webhooks/subscribe/https
    Preset {
        scheme: SignatureScheme::Shopify,
        name: "Shopify",
        secret: "The secret key is the client secret of your app, or what Notifications shows below your webhooks.",
        encoding: DigestEncoding::Base64,
        header: "X-Shopify-Hmac-Sha256",
        ..PLAIN
    },
    // https://www.twilio.com/docs/usage/webhooks/webhooks-security
    Preset {
        scheme: SignatureScheme::Twilio,
        name: "Twilio",
        secret: "The secret key is the primary auth token of your Twilio account.",
        algorithm: Digest::Sha1,
        encoding: DigestEncoding::Base64,
        header: "X-Twilio-Signature",
        signed: "<<url>><<form>>",
        body_digest: Some("bodySHA256"),
        ..PLAIN
    },
    // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    Preset {
        scheme: SignatureScheme::StandardWebhooks,
        name: "Standard Webhooks",
        secret: "The secret key is the secret of the endpoint, which begins with whsec_, or its public key, which begins with whpk_.",
        encoding: DigestEncoding::Base64,
        header: "webhook-signature",
        prefix: "v1,",
        separator: Some(' '),
        timestamp: Some(Stamp::Header("webhook-timestamp")),
        signed: "<<request@header[webhook-id]>>.<<timestamp>>.<<body>>",
        key: KeyForm::Base64 { prefix: "whsec_" },
        public_keys: Some(PublicKeys {
            key: "whpk_",
            private_key: "whsk_",
            signature: "v1a,",
        }),
        ..PLAIN
    },
];

impl Preset {
    /// That of a scheme; none for a signature whose parts are all set by hand.
    pub fn of(scheme: SignatureScheme) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.scheme == scheme)
    }

    pub(super) fn hmac(&self, tolerance_s: u32) -> Hmac {
        Hmac {
            algorithm: self.algorithm,
            encoding: self.encoding,
            header: self.header.to_owned(),
            prefix: self.prefix.to_owned(),
            separator: self.separator,
            timestamp: self.timestamp.map(|stamp| super::Timestamp {
                place: match stamp {
                    Stamp::Header(name) => TimestampPlace::Header(name.to_owned()),
                    Stamp::Member(prefix) => TimestampPlace::Member(prefix),
                },
                tolerance_s,
            }),
            signed: Signed::parse(self.signed).expect("a test parses what each preset signs"),
            key: self.key,
            public_keys: self.public_keys,
            body_digest: self.body_digest,
            json_field: self.json_field,
        }
    }
}
