//! Which variables of a runbook hold what the own desk says, and what of it. What comes from elsewhere may have fields of
//! the same names, so it is none of that.

use std::collections::{BTreeMap, BTreeSet};

use super::PlanDocument;
use super::answers::Answers;
use super::graph;
use crate::engine::steps;
use crate::model::{Access, Integration, Method, Output, Step, StepKind};
use crate::output::{OutputPath, Segment, Source};
use crate::request::{BaseUrl, Destination};
use crate::start::is_of_desk;
use crate::template::Template;

/// A place in the desk's records or in a list of them: names such as `status^name`, empty for all of it. Which element
/// of a list it is does not count.
pub(crate) type DeskPath = String;

/// What is known of each variable; nothing where it is not known to be the desk's.
#[derive(Debug, Clone, Default, PartialEq)]
struct Known {
    variables: BTreeMap<String, Option<DeskPath>>,
    /// What steps make `<<response>>`, by their places.
    answers: Vec<Option<DeskPath>>,
}

#[derive(Debug)]
pub(crate) struct DeskValues<'d> {
    document: &'d PlanDocument,
    /// The steps whose answers each step uses.
    used: Vec<BTreeSet<usize>>,
    known: Known,
}

impl<'d> DeskValues<'d> {
    pub(crate) fn of(document: &'d PlanDocument) -> Self {
        let steps = &document.runbook.steps;
        let graph = graph::check(&document.runbook, &mut Vec::new());
        let answers = Answers::of(steps, &graph);
        let mut values = Self {
            document,
            used: (0..steps.len())
                .map(|place| answers.used_at(place))
                .collect(),
            known: Known::default(),
        };
        // As long as a variable is not known, nothing is that is made of it.
        let names = values.set().into_iter().map(|(name, _)| (name, None));
        values.known.variables = names.collect();
        values.known.answers = vec![None; steps.len()];
        // It ends, because what is known stays known.
        loop {
            let now = values.look();
            if now == values.known {
                return values;
            }
            values.known = now;
        }
    }

    /// What a template that is one token stands for at a step; where none is given, before the first one.
    pub(crate) fn find(&self, place: Option<usize>, template: &str) -> Option<DeskPath> {
        let template = Template::parse_decoded(template).ok()?;
        let token = template.single_token()?;
        // What stands beside a body is no data of the desk.
        let name = Some(token.variable()).filter(|name| *name == token.holder())?;
        let rest = token.path().map_or(Some(DeskPath::new()), names)?;
        let whole = match (name, place) {
            ("response", place) => self.response(place?)?,
            (name, _) => match self.known.variables.get(name) {
                Some(known) => known.clone()?,
                None => self.is_brought(name).then(DeskPath::new)?,
            },
        };
        Some(joined(whole, &rest))
    }

    /// What an output variable of a step is taken from.
    pub(crate) fn taken(&self, place: usize, output: &Output) -> Option<DeskPath> {
        let step = self.document.runbook.steps.get(place)?;
        let is_asked = asks_the_desk(step, self.document);
        is_asked.then(|| answered(output)).flatten()
    }

    fn look(&self) -> Known {
        let mut variables: BTreeMap<String, Option<DeskPath>> = BTreeMap::new();
        for (name, path) in self.set() {
            let known = variables.entry(name).or_insert_with(|| path.clone());
            // It is what all who set it agree upon.
            if *known != path {
                *known = None;
            }
        }
        let steps = self.document.runbook.steps.iter().enumerate();
        let answers = steps.map(|(place, step)| match &step.kind {
            StepKind::ForEach { over, .. } => self.find(Some(place), over),
            _ => asks_the_desk(step, self.document).then(DeskPath::new),
        });
        Known {
            answers: answers.collect(),
            variables,
        }
    }

    /// Whatever gives a variable a value: its name, and what that is.
    fn set(&self) -> Vec<(String, Option<DeskPath>)> {
        let runbook = &self.document.runbook;
        let mut set = Vec::new();
        for input in &runbook.start.inputs {
            let mut rows = runbook.from_desk.iter();
            let row = rows.find(|row| row.name == input.name);
            set.push((input.name.clone(), row.and_then(|row| brought(&row.value))));
        }
        for (place, step) in runbook.steps.iter().enumerate() {
            if let StepKind::Set { variables } = &step.kind {
                for row in variables {
                    let is_whole = row.mappings.is_empty() && !row.add_to_array;
                    let path = is_whole.then(|| self.find(Some(place), &row.value));
                    set.push((row.name.clone(), path.flatten()));
                }
            }
            for (_, output) in steps::outputs(step, self.document) {
                let is_whole = output.mappings.is_empty() && !output.add_to_array;
                let path = is_whole.then(|| self.taken(place, output));
                set.push((output.name.clone(), path.flatten()));
            }
        }
        set
    }

    fn response(&self, place: usize) -> Option<DeskPath> {
        let mut used = self.used.get(place)?.iter();
        let answer = |place: &usize| self.known.answers.get(*place)?.as_ref();
        let first = answer(used.next()?)?;
        used.all(|other| answer(other) == Some(first))
            .then(|| first.clone())
    }

    /// Whether a start from the desk brings this along.
    fn is_brought(&self, name: &str) -> bool {
        self.document.runbook.start.access == Access::Desk && is_of_desk(name)
    }
}

fn is_the_desk(integration: &Integration) -> bool {
    let base = BaseUrl::parse(&integration.base_url, &integration.constants);
    base.is_ok_and(|base| base.destination() == Destination::Own)
}

/// Whether the answer to a method is one of the own desk's resources.
pub(crate) fn is_of_the_desk(method: &Method, integration: &Integration) -> bool {
    let base = BaseUrl::parse(&integration.base_url, &integration.constants);
    base.is_ok_and(|base| base.desk_resource(&method.path).is_some())
}

/// What an output variable is taken from, where its method asks the desk.
pub(crate) fn answered(output: &Output) -> Option<DeskPath> {
    let source = Source::parse(&output.value).ok()?;
    names(source.body().filter(|_| source.root() == "response")?)
}

fn asks_the_desk(step: &Step, document: &PlanDocument) -> bool {
    match &step.kind {
        StepKind::DeskAction { target, .. } => target.as_ref().is_none_or(|target| {
            let integration = document.integration(target);
            integration.is_some_and(is_the_desk)
        }),
        StepKind::Method { method } => document
            .method(method)
            .is_some_and(|(integration, method)| is_of_the_desk(method, integration)),
        _ => false,
    }
}

/// What a row of `from_desk` stands for.
fn brought(template: &str) -> Option<DeskPath> {
    let template = Template::parse_decoded(template).ok()?;
    let token = template.single_token()?;
    let rest = token.path().map_or(Some(DeskPath::new()), names);
    rest.filter(|_| is_of_desk(token.holder()))
}

/// The names of a path; nothing where it makes an array of what it finds.
fn names(path: &OutputPath) -> Option<DeskPath> {
    let mut names = DeskPath::new();
    for segment in path.segments() {
        match segment {
            Segment::Child(name) => names = joined(names, name),
            Segment::Index(_) | Segment::FromEnd(_) | Segment::First(_) => {}
            Segment::Each(_) => return None,
        }
    }
    Some(names)
}

fn joined(path: DeskPath, rest: &str) -> DeskPath {
    if path.is_empty() {
        rest.to_owned()
    } else if rest.is_empty() {
        path
    } else {
        format!("{path}^{rest}")
    }
}
