//! Paths held against a slow reference: a tree walk over `serde_json`, which shares
//! nothing with the scanner.

mod output_support;

use output_support::{bodies, mutate, mutations, paths, reference, wild_paths};
use proptest::prelude::*;
use shared::json::{self, Limits};
use shared::output::{ExtractError, Missing, OutputPath, Paths, path_at};

fn answer(result: Result<std::borrow::Cow<'_, str>, Missing>) -> Result<String, &'static str> {
    match result {
        Ok(value) => Ok(value.into_owned()),
        Err(missing) => Err(missing.reason()),
    }
}

fn extract(path: &OutputPath, body: &[u8]) -> Result<Result<String, &'static str>, usize> {
    match path.extract(body) {
        Ok(value) => Ok(Ok(value.into_owned())),
        Err(ExtractError::Missing(missing)) => Ok(Err(missing.reason())),
        Err(ExtractError::InvalidJson(invalid)) => Err(invalid.offset()),
    }
}

proptest! {
    #[test]
    fn extraction_agrees_with_a_tree_walk(body in bodies(), path in paths()) {
        let path = OutputPath::parse(&path).unwrap();
        let found = extract(&path, body.as_bytes());
        prop_assert_eq!(found, Ok(reference::find(&path, &body)), "{} in {}", path, body);
    }

    #[test]
    fn several_paths_find_what_each_finds_alone(
        body in bodies(),
        texts in prop::collection::vec(paths(), 0..8),
    ) {
        let parsed: Vec<_> = texts.iter().map(|text| OutputPath::parse(text).unwrap()).collect();
        let together = Paths::new(&parsed).extract_all(body.as_bytes(), Limits::default()).unwrap();
        let together: Vec<_> = together.into_iter().map(|result| Ok(answer(result))).collect();
        let alone: Vec<_> = parsed.iter().map(|path| extract(path, body.as_bytes())).collect();
        prop_assert_eq!(together, alone, "{:?} in {}", texts, body);
    }

    #[test]
    fn a_body_is_accepted_when_serde_json_accepts_it(
        body in bodies(),
        mutations in mutations(),
        path in paths(),
    ) {
        let body = mutate(body.into_bytes(), &mutations);
        let path = OutputPath::parse(&path).unwrap();
        let shown = String::from_utf8_lossy(&body).into_owned();
        let validated = json::validate(&body, Limits::default());
        let found = extract(&path, &body);
        if let Some(text) = reference::accept(&body, Limits::default().depth()) {
            prop_assert_eq!(validated, Ok(text), "{}", shown);
            if !reference::is_at_a_loss(&shown) {
                prop_assert_eq!(found, Ok(reference::find(&path, text)), "{} in {}", path, shown);
            }
        } else {
            let offset = validated.map_err(|invalid| invalid.offset());
            prop_assert!(offset.is_err(), "{}", shown);
            prop_assert_eq!(found.map(drop), offset.map(drop), "{}", shown);
        }
    }

    #[test]
    fn what_stands_before_a_fault_is_without_fault(body in bodies(), mutations in mutations()) {
        let body = mutate(body.into_bytes(), &mutations);
        if let Err(invalid) = json::validate(&body, Limits::default()) {
            let before = &body[..invalid.offset()];
            if let Err(earlier) = json::validate(before, Limits::default()) {
                prop_assert_eq!(earlier.offset(), before.len(), "{}", String::from_utf8_lossy(&body));
            }
            let lines: Vec<&[u8]> = before.split(|byte| *byte == b'\n').collect();
            prop_assert_eq!(invalid.line(), lines.len());
        }
    }

    #[test]
    fn duplicate_keys_agree_with_a_tree_walk(body in bodies(), mutations in mutations()) {
        let found = json::duplicate_keys(body.as_bytes(), Limits::default()).unwrap();
        let offsets: Vec<usize> = found.iter().map(|duplicate| duplicate.offset).collect();
        prop_assert_eq!(offsets.is_empty(), !reference::has_duplicate(&body), "{}", body);
        for duplicate in &found {
            let key = &body[duplicate.offset..];
            let key: String = serde_json::Deserializer::from_str(key).into_iter().next().unwrap().unwrap();
            prop_assert_eq!(&key, &duplicate.key);
        }
        let body = mutate(body.into_bytes(), &mutations);
        let checked = json::validate(&body, Limits::default()).map(drop);
        prop_assert_eq!(json::duplicate_keys(&body, Limits::default()).map(drop), checked);
    }

    #[test]
    fn a_path_printed_and_parsed_is_itself(text in prop_oneof![paths(), wild_paths()]) {
        if let Ok(path) = OutputPath::parse(&text) {
            let printed = path.to_string();
            prop_assert_eq!(OutputPath::parse(&printed), Ok(path.clone()), "{} as {}", text, printed);
            let json = serde_json::to_string(&path).unwrap();
            prop_assert_eq!(&serde_json::from_str::<OutputPath>(&json).unwrap(), &path);
        }
    }

    #[test]
    fn a_path_keeps_its_root(root in "[a-z^!\\[\\]\\\\ <>?é]{1,6}", rest in "(\\^[ab])?(\\[0\\])?!?") {
        let path = OutputPath::parse_from(&root, &format!("{root}{rest}")).unwrap();
        prop_assert_eq!(path.root(), &root);
        let printed = path.to_string();
        prop_assert_eq!(&OutputPath::parse_from(&root, &printed).unwrap(), &path);
        let json = serde_json::to_string(&path).unwrap();
        prop_assert_eq!(serde_json::from_str::<OutputPath>(&json).unwrap(), path);
    }

    #[test]
    fn no_text_is_too_strange_for_a_path(text in prop_oneof![wild_paths(), any::<String>()]) {
        if let Err(error) = OutputPath::parse(&text) {
            prop_assert!(error.at() <= text.chars().count());
            if let Some(suggestion) = error.suggestion() {
                prop_assert!(OutputPath::parse(suggestion).is_ok(), "{} for {}", suggestion, text);
            }
            error.to_string();
        }
    }

    #[test]
    fn no_bytes_are_too_strange_for_a_body(
        body in prop::collection::vec(any::<u8>(), 0..60),
        path in paths(),
    ) {
        let path = OutputPath::parse(&path).unwrap();
        if let Err(error) = path.extract(&body) {
            error.to_string();
        }
        let accepted = reference::accept(&body, Limits::default().depth()).is_some();
        prop_assert_eq!(json::validate(&body, Limits::default()).is_ok(), accepted);
        path_at(&body, body.len() / 2);
    }

    #[test]
    fn a_place_in_a_body_has_a_path_that_leads_there(body in bodies(), place in any::<prop::sample::Index>()) {
        let offset = place.index(body.len());
        let expected = reference::value_at(&body, offset);
        let path = path_at(body.as_bytes(), offset);
        prop_assert_eq!(path.as_ref().map(ToString::to_string), expected.clone().map(|(path, _)| path), "{} at {}", body, offset);
        if let (Some(path), Some((_, value))) = (path, expected) {
            prop_assert_eq!(extract(&path, body.as_bytes()), Ok(Ok(value)));
        }
    }

    #[test]
    fn numbers_compare_as_written_out(left in output_support::numbers(), right in output_support::numbers()) {
        prop_assert_eq!(
            json::compare_numbers(&left, &right),
            Some(reference::compare_numbers(&left, &right)),
            "{} {}", left, right
        );
    }

    #[test]
    fn a_text_quoted_and_decoded_is_itself(text in any::<String>()) {
        let quoted = json::quote(&text);
        prop_assert_eq!(json::decode(&quoted), text.as_str());
        prop_assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
    }
}
