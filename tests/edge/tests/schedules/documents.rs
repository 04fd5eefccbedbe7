//! Schedules as documents: made, replaced, refused, deleted, brought back, checked, and carried by bundles.

use super::*;

const SCHEDULES: &str = "/console/schedules";

fn schedule() -> Value {
    json!({
        "name": "Morning round", "enabled": true, "runbook": "round", "time_zone": "Europe/Berlin",
        "when": {"type": "cron", "expression": "0 9 * * 1-5"},
        "variables": [{"name": "Given", "value": "<<schedule^due_at>>"}],
    })
}

#[test]
fn a_schedule_is_a_document() {
    let server = server();
    Bundle::new()
        .runbook(keeping("round", "<<ticket^id>>"))
        .import(&server);
    let made = post(&server, SCHEDULES, &schedule()).expect(201).json();
    let path = format!("{SCHEDULES}/{}", made["id"].as_str().unwrap());
    assert_eq!(made["version"], 1);
    assert_eq!(made["words"], "Every weekday at 09:00");
    let shown = made["next_time"]["shown"].as_str().unwrap();
    assert!(shown.ends_with(", 09:00"), "{shown}");
    assert_eq!(get(&server, &path), made);
    assert_eq!(items(&get(&server, SCHEDULES)), std::slice::from_ref(&made));

    let mut other = made.clone();
    other["enabled"] = json!(false);
    let replaced = put(&server, &path, 1, &other).expect(200).json();
    assert_eq!(
        (
            &replaced["version"],
            &replaced["enabled"],
            &replaced["next_time"]
        ),
        (&json!(2), &json!(false), &Value::Null)
    );
    assert_eq!(code(&put(&server, &path, 1, &other).expect(412)), "changed");

    let runbooks = items(&get(&server, "/console/runbooks"));
    let mut runbooks = runbooks.iter();
    let round = runbooks.find(|runbook| runbook["id"] == "round").unwrap();
    assert_eq!(round["schedules"], json!(["Morning round"]));
    let refused = delete(&server, "/console/runbooks/round")
        .expect(409)
        .json();
    assert_eq!(refused["used_by"], json!(["schedule “Morning round”"]));

    let _ = delete(&server, &path).expect(204);
    let _ = server.get(&path).admin().send().expect(404);
    let restore = format!("{path}/restore");
    let restored = post(&server, &restore, &json!({})).expect(200).json();
    assert_eq!(restored["name"], made["name"]);
    let _ = delete(&server, &path).expect(204);
    let _ = delete(&server, "/console/runbooks/round").expect(204);
    let refused = post(&server, &restore, &json!({})).expect(409);
    assert_eq!(code(&refused), "runbook_deleted");
}

#[test]
fn what_is_wrong_is_refused_with_its_place_and_told_of_a_draft() {
    let server = server();
    Bundle::new()
        .runbook(keeping("round", "<<ticket^id>>"))
        .import(&server);
    let cron = |expression: &str| json!({"when": {"type": "cron", "expression": expression}});
    for (change, code, field) in [
        (json!({"runbook": "none"}), "unknown_runbook", "runbook"),
        (cron("0 9 * *"), "expression_fields", "when.expression"),
        (cron("0 25 * * *"), "expression_field", "when.expression"),
        (cron("0 0 30 2 *"), "never_due", "when.expression"),
        (
            json!({"time_zone": "Europe/Berlni"}),
            "no_such_time_zone",
            "time_zone",
        ),
        (
            json!({"when": {"type": "after", "minutes": 5, "field": "summary"}}),
            "no_date_field",
            "when.field",
        ),
        (json!({"variables": []}), "input_missing", "variables"),
        (
            json!({"variables": [{"name": "Given", "value": "<<ticket^id>>"}]}),
            "unknown_variable",
            "variables[0].value",
        ),
        (
            json!({"when": {"type": "after", "minutes": 5, "field": "dateclosed", "condition": {"all": [
                {"left": "<<before^id>>", "op": "has_value"},
            ]}}}),
            "unknown_variable",
            "when.condition.all[0].left",
        ),
    ] {
        let mut wrong = schedule();
        for (name, value) in change.as_object().unwrap() {
            wrong[name] = value.clone();
        }
        let error = post(&server, SCHEDULES, &wrong).expect(400).json()["error"].clone();
        let told = (&error["code"], &error["at"]["field"]);
        assert_eq!(told, (&json!(code), &json!(field)), "{change} {error}");
        let report = post(&server, &format!("{SCHEDULES}/check"), &wrong)
            .expect(200)
            .json();
        let told = &report["problems"][0];
        let told = (&told["code"], &told["at"]["field"]);
        assert_eq!(told, (&json!(code), &json!(field)), "{change} {report}");
    }
    assert_eq!(items(&get(&server, SCHEDULES)), Vec::<Value>::new());

    // One that is not finished yet is told what is lacking, and all the same when it would come.
    let mut draft = schedule();
    draft["name"] = json!("");
    draft["runbook"] = json!("");
    let report = post(&server, &format!("{SCHEDULES}/check"), &draft)
        .expect(200)
        .json();
    assert_eq!(report["words"], "Every weekday at 09:00");
    assert_eq!(report["times"].as_array().unwrap().len(), 5);
    let problems = report["problems"].as_array().unwrap().iter();
    let codes: Vec<&Value> = problems.map(|problem| &problem["code"]).collect();
    assert_eq!(codes, [&json!("no_name"), &json!("no_runbook")]);
}

#[test]
fn a_runbook_that_needs_more_than_its_schedules_fill_says_so_when_it_is_published() {
    let server = server();
    Bundle::new()
        .runbook(keeping("round", "<<schedule^name>>"))
        .schedule(
            "Morning",
            "round",
            &json!({"type": "cron", "expression": "0 9 * * *"}),
            &json!({}),
        )
        .import(&server);
    let mut draft = get(&server, "/console/runbooks/round");
    let added = json!({"name": "Team", "type": "string"});
    draft["start"]["inputs"].as_array_mut().unwrap().push(added);
    for beside in ["version", "updated_at", "missing_secrets", "publication"] {
        draft.as_object_mut().unwrap().remove(beside);
    }
    let report = post(&server, "/console/runbooks/round/check", &draft)
        .expect(200)
        .json();
    let problems = report["problems"].as_array().unwrap().iter();
    let told: Vec<_> = problems
        .filter_map(|problem| problem["message"].as_str())
        .filter(|message| message.starts_with("schedule “Morning”"))
        .collect();
    assert_eq!(told.len(), 1, "{report}");
    assert!(told[0].contains("`Team`"), "{told:?}");
}

#[test]
fn a_bundle_carries_schedules() {
    let server = server();
    let bundle = |schedule: Value| {
        json!({"format": "nimbus.bundle/1", "runbooks": [keeping("round", "<<ticket^id>>")],
            "desk": {"schedules": [schedule]}})
    };
    let mut wrong = schedule();
    wrong["id"] = json!("morning");
    wrong["when"]["expression"] = json!("0 9");
    let refused = post(&server, "/console/import", &bundle(wrong.clone())).expect(400);
    let error = refused.json()["error"].clone();
    assert_eq!(error["at"]["field"], "desk.schedules[0].when.expression");
    assert_eq!(items(&get(&server, SCHEDULES)), Vec::<Value>::new());

    wrong["when"]["expression"] = json!("0 9 * * *");
    let report = post(&server, "/console/import", &bundle(wrong.clone()))
        .expect(200)
        .json();
    assert_eq!(
        report["created"],
        json!(["runbook round", "schedule Morning round"])
    );
    let exported = get(&server, "/console/export");
    assert_eq!(exported["desk"]["schedules"], json!([wrong]));
    let report = post(&server, "/console/import", &exported)
        .expect(200)
        .json();
    assert_eq!(
        report["replaced"],
        json!(["runbook round", "schedule Morning round"])
    );
}
