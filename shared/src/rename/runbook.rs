//! Runbooks compare with names of the desk, too: in conditions, in the conditions to start, and in tables of value
//! mappings. They draw from more than the desk, so only what is known to be the desk's follows.

use crate::desk::Renamed;
use crate::desk::resource::RESOURCES;
use crate::engine::PlanDocument;
use crate::engine::plan::{DeskValues, answered, is_of_the_desk};
use crate::model::{Integration, Method, Runbook, StepKind, ValueMapping};

impl Renamed {
    /// The runbook with the new name; nothing where it compares nothing of the desk's with the former one.
    pub fn in_runbook(&self, runbook: &Runbook, integrations: &[Integration]) -> Option<Runbook> {
        let document = PlanDocument::gather(runbook, integrations, None);
        let values = DeskValues::of(&document);
        let is_its_name = |place, template: &str| {
            let path = values.find(place, template);
            path.is_some_and(|path| self.is_named_within(&path))
        };
        let mut renamed = runbook.clone();
        self.rename_in(&mut renamed.start.when, &|left| is_its_name(None, left));
        for (place, step) in renamed.steps.iter_mut().enumerate() {
            match &mut step.kind {
                StepKind::Condition { when } => {
                    self.rename_in(when, &|left| is_its_name(Some(place), left));
                }
                StepKind::Set { variables } => {
                    for row in variables {
                        if is_its_name(Some(place), &row.value) {
                            self.rename_in_table(&mut row.mappings);
                        }
                    }
                }
                _ => {}
            }
            for output in &mut step.outputs {
                let path = values.taken(place, output);
                if path.is_some_and(|path| self.is_named_within(&path)) {
                    self.rename_in_table(&mut output.mappings);
                }
            }
        }
        (renamed != *runbook).then_some(renamed)
    }

    /// The same for a method of an integration.
    pub fn in_method(&self, method: &Method, integration: &Integration) -> Option<Method> {
        if !is_of_the_desk(method, integration) {
            return None;
        }
        let mut renamed = method.clone();
        for output in &mut renamed.outputs {
            if answered(output).is_some_and(|path| self.is_named_within(&path)) {
                self.rename_in_table(&mut output.mappings);
            }
        }
        (renamed != *method).then_some(renamed)
    }

    /// The same for what is published: the runbook with its methods.
    pub fn in_plan(&self, plan: &PlanDocument) -> Option<PlanDocument> {
        let mut renamed = plan.clone();
        if let Some(runbook) = self.in_runbook(&plan.runbook, &plan.integrations) {
            renamed.runbook = runbook;
        }
        for (integration, known) in renamed.integrations.iter_mut().zip(&plan.integrations) {
            for method in &mut integration.methods {
                if let Some(renamed) = self.in_method(method, known) {
                    *method = renamed;
                }
            }
        }
        (renamed != *plan).then_some(renamed)
    }

    /// A table takes a text for what it is, with its case.
    fn rename_in_table(&self, mappings: &mut [ValueMapping]) {
        for mapping in mappings {
            if mapping.from == self.former {
                self.name.clone_into(&mut mapping.from);
            }
        }
    }

    /// The same as [`Renamed::is_named_at`], also in an element of a list such as `tickets`.
    fn is_named_within(&self, path: &str) -> bool {
        let mut keys = RESOURCES.iter().filter_map(|resource| resource.list_key);
        let element = keys.find_map(|key| path.strip_prefix(key)?.strip_prefix('^'));
        self.is_named_at(element.unwrap_or(path))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::Bundle;

    fn renamed() -> Renamed {
        Renamed {
            resource: "Status".to_owned(),
            former: "Closed".to_owned(),
            name: "Done".to_owned(),
        }
    }

    fn when(left: &str, right: &str) -> Value {
        json!({ "any": [{ "all": [{ "left": left, "op": "equals", "right": right }] }] })
    }

    fn mapped(value: &str, from: &str) -> Value {
        json!({ "name": "Mapped", "value": value, "mappings": [{ "from": from, "to": "Closed" }] })
    }

    /// A runbook that gets an answer from its own desk, from a list of it, and from elsewhere, and goes through a list.
    fn bundle(access: &str, steps: &[Value]) -> Value {
        let step = |id: &str, fields: Value, next: Value| {
            let mut step = json!({ "id": id, "name": id, "next": next });
            let own = step.as_object_mut().unwrap();
            own.extend(fields.as_object().unwrap().clone());
            step
        };
        let method = |method: &str, next: &str| {
            let next = json!({ "success": next, "failure": next });
            step(method, json!({ "type": "method", "method": method }), next)
        };
        let mut all = vec![
            method("get", "own"),
            step(
                "own",
                json!({ "type": "desk_action", "action": "update_ticket", "body": "[{\"id\": 1}]",
                    "outputs": [
                        { "name": "Ticket", "value": "response" },
                        { "name": "Changed", "value": "response^status_name" },
                        mapped("response^status^name", "Closed"),
                        mapped("response^summary", "Closed"),
                    ] }),
                json!({ "success": "set", "failure": "set" }),
            ),
            step(
                "set",
                json!({ "type": "set", "variables": [
                    { "name": "Copied", "value": "<<Ticket^status>>" },
                    { "name": "Twice", "value": "<<Copied^name>>" },
                    { "name": "Theirs", "value": "<<From outside>>" },
                    { "name": "Either", "value": "<<Changed>>" },
                    { "name": "Either", "value": "<<From outside>>" },
                    { "name": "In words", "value": "It is <<Changed>>" },
                    mapped("<<Changed>>", "Closed"),
                    mapped("<<Changed>>", "closed"),
                    mapped("<<From outside>>", "Closed"),
                ] }),
                json!({ "done": "list" }),
            ),
            method("list", "each"),
            step(
                "each",
                json!({ "type": "for_each", "over": "<<response^tickets>>" }),
                json!({ "element": steps.first().map_or("each", |_| "s0"), "finished": "end", "empty": "end" }),
            ),
        ];
        let count = steps.len();
        all.extend(steps.iter().enumerate().map(|(index, fields)| {
            let next = match index + 1 {
                next if next == count => "each".to_owned(),
                next => format!("s{next}"),
            };
            let ways = match fields["type"].as_str().unwrap() {
                "condition" => json!({ "met": next, "not_met": next }),
                _ => json!({ "success": next, "failure": next }),
            };
            step(&format!("s{index}"), fields.clone(), ways)
        }));
        all.push(json!({ "id": "end", "name": "end", "type": "end", "outcome": "success" }));
        let method = |id: &str, path: &str, outputs: Value| json!({ "id": id, "name": id, "http_method": "GET", "path": path, "outputs": outputs });
        json!({
            "format": "nimbus.bundle/1",
            "integrations": [
                { "id": "desk", "name": "Desk", "base_url": "<<halo_url>>/api", "methods": [
                    method("list", "Tickets", json!([mapped("response^tickets[0]^status_name", "Closed")])),
                ] },
                { "id": "other", "name": "Other", "base_url": "https://api.example.com", "methods": [
                    method("get", "/api/Tickets", json!([
                        { "name": "From outside", "value": "response^status^name" },
                        mapped("response^status^name", "Closed"),
                    ])),
                ] },
            ],
            "runbooks": [{
                "id": "rb", "name": "R", "first_step": "get", "steps": all,
                "start": { "access": access, "when": when("<<Status>>", "Closed"), "inputs": [
                    { "name": "Status", "type": "string", "value": "request^status" },
                    { "name": "Their status", "type": "string", "value": "request^status^name" },
                    { "name": "Kept ticket", "type": "object", "value": "request^ticket" },
                ] },
                "from_desk": [
                    { "name": "Status", "value": "<<ticket^status^name>>" },
                    { "name": "Their status", "value": "<<ticket^customfields[name=CFStatus]^value>>" },
                    { "name": "Kept ticket", "value": "<<ticket>>" },
                ],
            }],
        })
    }

    fn plan(bundle: &Value) -> PlanDocument {
        let bundle = Bundle::parse(bundle.to_string().as_bytes()).unwrap();
        PlanDocument::gather(&bundle.runbooks[0], &bundle.integrations, Some(7))
    }

    /// What a condition of the loop, behind the answers of both, compares with after the status got its other name.
    fn compared(access: &str, before: &[Value], left: &str) -> String {
        let condition = json!({ "type": "condition", "when": when(left, " closed ") });
        let steps: Vec<Value> = before.iter().cloned().chain([condition]).collect();
        let plan = renamed().in_plan(&plan(&bundle(access, &steps))).unwrap();
        let last = format!("s{}", before.len());
        let step = plan
            .runbook
            .steps
            .iter()
            .find(|step| step.id.as_str() == last);
        let step = serde_json::to_value(step.unwrap()).unwrap();
        step["when"]["any"][0]["all"][0]["right"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    #[test]
    fn conditions_follow_where_what_they_compare_is_known_to_be_the_desks() {
        for (left, follows) in [
            // What a start from the desk brings along, and input variables that are filled from it.
            ("<<ticket^status^name>>", true),
            ("<<ticket^status_name!>> ", true),
            ("<<before^status^name ?? \"\">>", true),
            ("<<Status>>", true),
            ("<<Kept ticket^status_name>>", true),
            ("<<Kept ticket^summary>>", false),
            ("<<Their status>>", false),
            ("<<ticket^tickettype^name>>", false),
            // Output variables, and what is made of them.
            ("<<Ticket^status_name>>", true),
            ("<<Changed>>", true),
            ("<<Twice>>", true),
            ("<<Copied^colour>>", false),
            ("<<In words>>", false),
            // An element of the desk's list.
            ("<<response^status_name>>", true),
            ("<<response^status^name>>", true),
            ("<<response@status>>", false),
            // What others say, and what may be either.
            ("<<From outside>>", false),
            ("<<Theirs>>", false),
            ("<<Either>>", false),
            ("<<Mapped>>", false),
            ("<<request^status^name>>", false),
            ("<<run^status^name>>", false),
            ("Closed", false),
            ("x <<ticket^status^name>>", false),
        ] {
            let expected = if follows { "Done" } else { " closed " };
            assert_eq!(compared("desk", &[], left), expected, "{left}");
        }
    }

    #[test]
    fn an_answer_from_elsewhere_is_none_of_the_desks() {
        let get = json!({ "type": "method", "method": "get" });
        let own = json!({ "type": "desk_action", "action": "get_control" });
        let left = "<<response^status_name>>";
        for (before, follows) in [
            (vec![], true),
            (vec![get.clone()], false),
            (vec![get, own], true),
        ] {
            let expected = if follows { "Done" } else { " closed " };
            assert_eq!(compared("desk", &before, left), expected, "{before:?}");
        }
        // It is started by others, who bring no ticket along.
        let access = "desk_and_public";
        let brought = "<<ticket^status^name>>";
        assert_eq!(compared(access, &[], brought), " closed ");
        assert_eq!(compared(access, &[], "<<Status>>"), "Done");
    }

    #[test]
    fn the_conditions_to_start_and_tables_of_values_follow() {
        let before = bundle("desk_and_public", &[]);
        let mut after = before.clone();
        after["runbooks"][0]["start"]["when"] = when("<<Status>>", "Done");
        let steps = &mut after["runbooks"][0]["steps"];
        steps[1]["outputs"][2] = mapped("response^status^name", "Done");
        steps[2]["variables"][6] = mapped("<<Changed>>", "Done");
        after["integrations"][0]["methods"][0]["outputs"][0] =
            mapped("response^tickets[0]^status_name", "Done");
        assert_eq!(renamed().in_plan(&plan(&before)), Some(plan(&after)));
        assert_eq!(renamed().in_plan(&plan(&after)), None);
        let priority = Renamed {
            resource: "Priority".to_owned(),
            ..renamed()
        };
        assert_eq!(priority.in_plan(&plan(&before)), None);
    }

    #[test]
    fn secrets_of_a_draft_stay() {
        let mut draft = bundle("desk_and_public", &[]);
        draft["runbooks"][0]["start"]["auth"] =
            json!({ "type": "basic", "username": "u", "password": { "secret": "p" } });
        let draft = Bundle::parse(draft.to_string().as_bytes()).unwrap();
        let followed = renamed().in_runbook(&draft.runbooks[0], &draft.integrations);
        assert_eq!(followed.unwrap().start.auth, draft.runbooks[0].start.auth);
    }
}
