//! What a flow chart is drawn of: any document whose steps lead to one another.

use crate::model::StepId;

/// What is said of an exit that leads to a step that was taken out.
pub const GONE: &str = "leads to a step that is gone";

/// A document that is drawn as a flow chart.
pub trait Charted: Clone + PartialEq + Send + Sync + 'static {
    type Step: ChartStep;

    /// The step that the start leads to; nothing only while the chart is empty.
    fn first(&self) -> Option<&StepId>;
    fn set_first(&mut self, id: Option<StepId>);
    fn steps(&self) -> &[Self::Step];
    fn steps_mut(&mut self) -> &mut Vec<Self::Step>;

    fn find(&self, id: &StepId) -> Option<&Self::Step> {
        self.steps().iter().find(|step| step.id() == id)
    }
}

/// A step of it: one card.
pub trait ChartStep: Clone + PartialEq + Send + Sync + 'static {
    /// What a new step is made of.
    type Kind: Clone + Send + Sync + 'static;
    /// One of its ways out.
    type Exit: Clone + PartialEq + Send + Sync + 'static;

    /// What is said of an exit that leads to no step.
    const NOWHERE: &'static str;

    /// A step that is connected to nothing.
    fn new(id: StepId, name: &str, kind: Self::Kind) -> Self;
    /// What the ids of such steps begin with.
    fn id_base(kind: &Self::Kind) -> String;
    /// The same under another id and name, connected to nothing.
    #[must_use]
    fn copied(&self, id: StepId, name: &str) -> Self;
    /// What the id of a copy begins with.
    fn own_id_base(&self) -> String;

    fn id(&self) -> &StepId;
    fn name(&self) -> &str;
    fn rename(&mut self, name: String);
    fn at(&self) -> [i32; 2];
    fn set_at(&mut self, at: [i32; 2]);

    /// Its ways out, in their order along the edge of the card.
    fn exits(&self) -> Vec<Self::Exit>;
    /// A way out that is made by using it, after all others; nothing where the kind of a step says which it has.
    fn spare(&self) -> Option<Self::Exit> {
        None
    }
    /// The words beside an exit.
    fn label(&self, exit: &Self::Exit) -> String;
    /// Whether it is a way that one hopes for.
    fn is_good(exit: &Self::Exit) -> bool;
    fn target(&self, exit: &Self::Exit) -> Option<&StepId>;
    /// Leads an exit to a step. One that the step does not have leads nowhere.
    fn connect(&mut self, exit: &Self::Exit, to: StepId);
    fn disconnect(&mut self, exit: &Self::Exit);
    /// Leads what leads to a step that is taken out to another one, or nowhere.
    fn redirect(&mut self, from: &StepId, to: Option<&StepId>);

    /// Where a step that is put behind an exit leads on to.
    fn behind(&self, exit: &Self::Exit) -> Option<StepId> {
        self.target(exit).cloned()
    }
    /// Goes on to a step, having been put behind an exit of `from` that led there; behind the start without one.
    fn lead_on(&mut self, from: Option<(&Self, &Self::Exit)>, to: StepId);
    /// Where a chain goes on when this step is taken out of it.
    fn follower(&self) -> Option<&StepId>;

    /// How many places for exits its edge has.
    fn slots(&self) -> usize {
        self.exits().len() + usize::from(self.spare().is_some())
    }

    /// The place of an exit along the edge; the last where it is none of those that are there.
    fn slot(&self, exit: &Self::Exit) -> usize {
        let exits = self.exits();
        let found = exits.iter().position(|own| own == exit);
        found.unwrap_or_else(|| self.slots().saturating_sub(1))
    }
}

/// A way out of the steps of a document.
pub type Exit<D> = <<D as Charted>::Step as ChartStep>::Exit;
/// What a new step of a document is made of.
pub type Kind<D> = <<D as Charted>::Step as ChartStep>::Kind;
