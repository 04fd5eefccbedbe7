//! What a fresh workspace begins with: the worked example, ready to run without a key.

use crate::model::Bundle;
use crate::model::strict::DocumentError;

/// The runbook of the worked example.
pub const RUNBOOK: &str = "0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0100";

/// The secret that signs calls of the worked example, until somebody replaces it.
pub const SIGNING_SECRET: &str = "example-signing-key";

/// The worked example, as a bundle that can be imported. Its completions come from the
/// deployment's own demo service. Its signing secret is `example-signing-key` everywhere, so that
/// the guide's calls can be copied: whoever opens the runbook to others puts in one of their own.
pub fn bundle() -> Result<Bundle, DocumentError> {
    Bundle::parse(include_bytes!("seed/ask-a-question.json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{PlanDocument, plan};
    use crate::model::PublicAuth;

    const EXAMPLE: &[u8] = include_bytes!("../../tests/examples/ask-a-question.json");

    #[test]
    fn it_is_the_worked_example_with_the_demo_service() {
        let seed = bundle().unwrap();
        let mut example = Bundle::parse(EXAMPLE).unwrap();
        "<<halo_url>>/demo/v1".clone_into(&mut example.integrations[0].base_url);
        assert_eq!(seed, example);
    }

    #[test]
    fn it_is_signed_with_the_secret_that_the_app_names() {
        let seed = bundle().unwrap();
        assert_eq!(seed.runbooks[0].id.to_string(), RUNBOOK);
        let Some(PublicAuth::Signature { secrets, .. }) = &seed.runbooks[0].start.auth else {
            panic!("the worked example is signed");
        };
        assert_eq!(secrets[0].value.secret.as_deref(), Some(SIGNING_SECRET));
    }

    #[test]
    fn it_can_be_published() {
        let seed = bundle().unwrap();
        let plan = PlanDocument::gather(&seed.runbooks[0], &seed.integrations, Some(1));
        assert_eq!(plan::check(&plan), []);
    }
}
