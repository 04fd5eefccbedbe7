//! How runs go beside one another, and how long they are kept.

use serde_json::{Value, json};

use super::check_cases;

fn optional() -> Value {
    json!({"name": "Key", "value": "request^key", "type": "string", "required": false})
}

#[test]
fn runs_beside_one_another() {
    check_cases(&[
        (&[("/runbooks/0/running", || json!("queue"))], &[]),
        (
            &[("/runbooks/0/running", || json!("one_per_key"))],
            &["error no_running_key - running_key"],
        ),
        (
            &[
                ("/runbooks/0/running", || json!("one_per_key")),
                ("/runbooks/0/running_key", || json!("<<ticket^id>>")),
            ],
            &[],
        ),
        (
            &[
                ("/runbooks/0/running", || json!("one_per_key")),
                ("/runbooks/0/running_key", || json!("<<ticket")),
            ],
            &["error syntax - running_key"],
        ),
        (
            &[
                ("/runbooks/0/running", || json!("one_per_key")),
                ("/runbooks/0/running_key", || json!("<<Answer>>")),
            ],
            &["error unknown_variable - running_key"],
        ),
        (
            &[
                ("/runbooks/0/running", || json!("one_per_key")),
                ("/runbooks/0/running_key", || json!("all")),
            ],
            &["warning same_key - running_key"],
        ),
        (
            &[
                ("/runbooks/0/running", || json!("one_per_key")),
                ("/runbooks/0/running_key", || json!("<<Key>>")),
                ("/runbooks/0/start/inputs/-", optional),
            ],
            &["warning key_sometimes_missing - running_key"],
        ),
        (
            &[
                ("/runbooks/0/running", || json!("one_per_key")),
                ("/runbooks/0/running_key", || json!("<<Key ?? \"none\">>")),
                ("/runbooks/0/start/inputs/-", optional),
            ],
            &[],
        ),
        // A key counts only where it is asked for.
        (&[("/runbooks/0/running_key", || json!("<<ticket"))], &[]),
        (
            &[("/runbooks/0/most_at_once", || json!(0))],
            &["error most_at_once - most_at_once"],
        ),
    ]);
}

#[test]
fn runs_are_spread_where_nothing_stands_against_it() {
    check_cases(&[
        (
            &[
                ("/runbooks/0/retention_days", || json!(0)),
                ("/runbooks/0/retention_runs", || json!(1_000_001)),
                ("/runbooks/0/failures_to_switch_off", || json!(0)),
            ],
            &[
                "error failures_to_switch_off - failures_to_switch_off",
                "error retention_days - retention_days",
                "error retention_runs - retention_runs",
            ],
        ),
        (&[("/runbooks/0/shards", || json!(4))], &[]),
        (
            &[
                ("/runbooks/0/shards", || json!(4)),
                (
                    "/runbooks/0/start/limits",
                    || json!({ "per_second": 3, "burst": 4 }),
                ),
            ],
            &["error shards - start.limits.per_second"],
        ),
        (
            &[
                ("/runbooks/0/shards", || json!(4)),
                (
                    "/runbooks/0/start/limits",
                    || json!({ "per_second": 4, "burst": 1 }),
                ),
            ],
            &["error shards - start.limits.burst"],
        ),
        (
            &[
                ("/runbooks/0/shards", || json!(4)),
                ("/runbooks/0/start/access", || json!("desk")),
                ("/runbooks/0/start/limits", || json!({ "per_second": 1 })),
            ],
            &[],
        ),
        (
            &[
                ("/runbooks/0/shards", || json!(4)),
                ("/runbooks/0/running", || json!("queue")),
            ],
            &["error shards - shards"],
        ),
        (
            &[
                ("/runbooks/0/shards", || json!(4)),
                ("/runbooks/0/most_at_once", || json!(3)),
            ],
            &["error shards - shards"],
        ),
    ]);
}
