//! What a fresh workspace begins with: the worked example, ready to run without a key.

use crate::model::Bundle;
use crate::model::strict::DocumentError;

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

    const EXAMPLE: &[u8] = include_bytes!("../../tests/examples/ask-a-question.json");

    #[test]
    fn it_is_the_worked_example_with_the_demo_service() {
        let seed = bundle().unwrap();
        let mut example = Bundle::parse(EXAMPLE).unwrap();
        "<<halo_url>>/demo/v1".clone_into(&mut example.integrations[0].base_url);
        assert_eq!(seed, example);
    }

    #[test]
    fn it_can_be_published() {
        let seed = bundle().unwrap();
        let plan = PlanDocument::gather(&seed.runbooks[0], &seed.integrations, Some(1));
        assert_eq!(plan::check(&plan), []);
    }
}
