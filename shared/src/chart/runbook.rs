//! A runbook as a flow chart: the kind of a step says which ways out it has.

use std::collections::BTreeMap;

use super::document::{ChartStep, Charted};
use crate::model::{Runbook, Step, StepId, StepKind, Way};

impl Charted for Runbook {
    type Step = Step;

    fn first(&self) -> Option<&StepId> {
        self.first_step.as_ref()
    }

    fn set_first(&mut self, id: Option<StepId>) {
        self.first_step = id;
    }

    fn steps(&self) -> &[Step] {
        &self.steps
    }

    fn steps_mut(&mut self) -> &mut Vec<Step> {
        &mut self.steps
    }
}

impl ChartStep for Step {
    type Kind = StepKind;
    type Exit = Way;

    const NOWHERE: &'static str = "leads nowhere";

    fn new(id: StepId, name: &str, kind: StepKind) -> Self {
        Self {
            id,
            name: name.to_owned(),
            at: [0, 0],
            next: BTreeMap::new(),
            outputs: Vec::new(),
            timeout_ms: None,
            retry: None,
            kind,
        }
    }

    fn id_base(kind: &StepKind) -> String {
        kind.type_name().replace('_', "-")
    }

    fn copied(&self, id: StepId, name: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            next: BTreeMap::new(),
            ..self.clone()
        }
    }

    fn own_id_base(&self) -> String {
        Self::id_base(&self.kind)
    }

    fn id(&self) -> &StepId {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn rename(&mut self, name: String) {
        self.name = name;
    }

    fn at(&self) -> [i32; 2] {
        self.at
    }

    fn set_at(&mut self, at: [i32; 2]) {
        self.at = at;
    }

    fn exits(&self) -> Vec<Way> {
        self.kind.ways().to_vec()
    }

    fn label(&self, way: &Way) -> String {
        way.label().to_owned()
    }

    fn is_good(way: &Way) -> bool {
        way.is_good()
    }

    fn target(&self, way: &Way) -> Option<&StepId> {
        self.next.get(way)
    }

    fn connect(&mut self, way: &Way, to: StepId) {
        if self.kind.ways().contains(way) {
            self.next.insert(*way, to);
        }
    }

    fn disconnect(&mut self, way: &Way) {
        self.next.remove(way);
    }

    fn redirect(&mut self, from: &StepId, to: Option<&StepId>) {
        match to {
            Some(to) => {
                for target in self.next.values_mut().filter(|target| *target == from) {
                    *target = to.clone();
                }
            }
            None => self.next.retain(|_, target| target != from),
        }
    }

    /// What is done with an element leads back to the next one.
    fn behind(&self, way: &Way) -> Option<StepId> {
        let back = (*way == Way::Element).then_some(&self.id);
        self.next.get(way).or(back).cloned()
    }

    fn lead_on(&mut self, _from: Option<(&Self, &Way)>, to: StepId) {
        if let Some(way) = self.kind.way_on() {
            self.next.insert(way, to);
        }
    }

    fn follower(&self) -> Option<&StepId> {
        self.next.get(&self.kind.way_on()?)
    }
}
