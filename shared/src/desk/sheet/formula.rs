//! Cells that a spreadsheet would take for formulas (OWASP, CSV injection): what people typed into the desk must not
//! be carried out on the machine of whoever opens an export.

/// What a formula may begin with.
const BEGINNINGS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn looks_like_one(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(BEGINNINGS)
}

/// A cell on its way out, which no spreadsheet carries out: it shows an apostrophe more.
pub fn guarded(cell: String) -> String {
    if looks_like_one(&cell) {
        format!("'{cell}")
    } else {
        cell
    }
}

/// A cell on its way in, without the apostrophe that it went out with.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if looks_like_one(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_spreadsheet_would_carry_out_gets_an_apostrophe() {
        for (cell, out) in [
            (
                "=HYPERLINK(\"https://attacker.example\")",
                "'=HYPERLINK(\"https://attacker.example\")",
            ),
            ("+44 20 7946 0114", "'+44 20 7946 0114"),
            ("-1", "'-1"),
            ("@SUM(1)", "'@SUM(1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("'=1", "''=1"),
            ("'n Sync", "'n Sync"),
            ("a=b", "a=b"),
            ("", ""),
            ("'", "'"),
        ] {
            assert_eq!(guarded(cell.to_owned()), out);
            assert_eq!(unguarded(out), cell);
        }
    }

    proptest! {
        #[test]
        fn a_guarded_cell_is_no_formula_and_comes_back_as_it_was(cell in "['=+@\\-\t\r]{0,4}\\PC*") {
            let out = guarded(cell.clone());
            prop_assert!(!out.starts_with(BEGINNINGS));
            prop_assert_eq!(unguarded(&out), cell);
        }
    }
}
