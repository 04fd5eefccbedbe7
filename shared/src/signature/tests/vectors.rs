//! Digests, held against those that the documents give.

use super::*;

/// Key, data, and the digests by SHA-1, SHA-256 and SHA-512 where the documents
/// give them: RFC 2202 (SHA-1) and RFC 4231 (SHA-256, SHA-512).
type Vector = (
    &'static str,
    Vec<u8>,
    Vec<u8>,
    Option<&'static str>,
    Option<(&'static str, &'static str)>,
);

fn vectors() -> Vec<Vector> {
    vec![
        (
            "RFC 2202 and 4231, case 1",
            vec![0x0b; 20],
            b"Hi There".to_vec(),
            Some("b617318655057264e28bc0b6fb378c8ef146be00"),
            Some((
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
                "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
            )),
        ),
        (
            "RFC 2202 and 4231, case 2",
            b"Jefe".to_vec(),
            b"what do ya want for nothing?".to_vec(),
            Some("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            Some((
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            )),
        ),
        (
            "RFC 2202 and 4231, case 3",
            vec![0xaa; 20],
            vec![0xdd; 50],
            Some("125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
            Some((
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
                "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
            )),
        ),
        (
            "RFC 2202 and 4231, case 4",
            (0x01..=0x19).collect(),
            vec![0xcd; 50],
            Some("4c9007f4026250c6bc8414f9bf50c86c2d7235da"),
            Some((
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
                "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
            )),
        ),
        (
            "RFC 2202, case 5",
            vec![0x0c; 20],
            b"Test With Truncation".to_vec(),
            Some("4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"),
            None,
        ),
        (
            "RFC 2202, case 6",
            vec![0xaa; 80],
            b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
            Some("aa4ae5e15272d00e95705637ce8a3b55ed402112"),
            None,
        ),
        (
            "RFC 2202, case 7",
            vec![0xaa; 80],
            b"Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data".to_vec(),
            Some("e8e99d0f45237d786d6bbaa7965c7808bbff1a91"),
            None,
        ),
        (
            "RFC 4231, case 6",
            vec![0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
            None,
            Some((
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
                "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
            )),
        ),
        (
            "RFC 4231, case 7",
            vec![0xaa; 131],
            b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.".to_vec(),
            None,
            Some((
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
                "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
            )),
        ),
    ]
}

#[test]
fn published_vectors_sign_and_verify() {
    for (name, key, data, sha1, sha2) in vectors() {
        let expected = [
            (Digest::Sha1, sha1),
            (Digest::Sha256, sha2.map(|(sha256, _)| sha256)),
            (Digest::Sha512, sha2.map(|(_, sha512)| sha512)),
        ];
        for (algorithm, digest) in expected {
            let Some(digest) = digest else { continue };
            let hmac = Hmac::new(algorithm, DigestEncoding::Hex, "X-Signature", "v=").unwrap();
            let headers = hmac.sign(&key, &delivery(&[], &data), 0).unwrap();
            assert_eq!(
                headers,
                [("X-Signature".to_owned(), format!("v={digest}"))],
                "{name}, {algorithm:?}"
            );
            assert_eq!(
                check(&hmac, &[&key], &headers, &data, 0),
                Ok(()),
                "{name}, {algorithm:?}"
            );
        }
    }
}
