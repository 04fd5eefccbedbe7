//! The SQL storage of a Durable Object, typed.
//!
//! Statements without an `await` between them are one commit; [`Store::atomically`]
//! also takes all of them back when one of them fails.

mod body;
mod search;
mod value;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use worker::js_sys::{Function, Reflect};
use worker::wasm_bindgen::{JsCast, JsValue, closure::ScopedClosure};
use worker::{SqlStorage, State, Storage};

use crate::error::Failure;

pub use body::{BODIES, add_body, read_body, write_body};
pub(crate) use search::search_index;
pub use value::{ToValue, Value};

/// Binds values to the `?` of a statement, in their order.
#[macro_export]
macro_rules! bind {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::store::ToValue::to_value(&$value)),*]
    };
}

/// The database of one object.
pub struct Store {
    storage: Storage,
    sql: SqlStorage,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the object's database and brings its tables up to date: `migrations` is a list that
    /// only ever grows at its end, and each entry (one or more statements) is carried out once.
    pub fn open(state: &State, migrations: &[&str]) -> Result<Self, Failure> {
        let storage = state.storage();
        let store = Self {
            sql: storage.sql(),
            storage,
        };
        store.atomically(|| store.migrate(migrations))?;
        Ok(store)
    }

    fn migrate(&self, migrations: &[&str]) -> Result<(), Failure> {
        #[derive(Deserialize)]
        struct Row {
            version: usize,
        }
        self.run(
            "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT",
            bind![],
        )?;
        let row: Option<Row> = self.first("SELECT version FROM schema_version", bind![])?;
        let done = row.as_ref().map_or(0, |row| row.version);
        for migration in migrations.iter().skip(done) {
            self.run(migration, bind![])?;
        }
        if row.is_none() {
            self.run("INSERT INTO schema_version VALUES (0)", bind![])?;
        }
        if done < migrations.len() {
            self.run(
                "UPDATE schema_version SET version = ?",
                bind![migrations.len()],
            )?;
        }
        Ok(())
    }

    /// Carries out a statement that gives no rows: of others it would stop at the first. Gives how many rows it wrote,
    /// those of indices included.
    pub fn run(&self, statement: &str, values: Vec<Value>) -> Result<usize, Failure> {
        Ok(self.sql.exec(statement, values)?.rows_written())
    }

    /// All rows of a query. Columns are fields by name; a truth is a number, bytes are `serde_bytes::ByteBuf`.
    pub fn rows<T: DeserializeOwned>(
        &self,
        query: &str,
        values: Vec<Value>,
    ) -> Result<Vec<T>, Failure> {
        Ok(self.sql.exec(query, values)?.to_array()?)
    }

    /// The first row of a query.
    pub fn first<T: DeserializeOwned>(
        &self,
        query: &str,
        values: Vec<Value>,
    ) -> Result<Option<T>, Failure> {
        Ok(self.rows(query, values)?.into_iter().next())
    }

    /// The rows of a query by the places of their columns, read one after the other.
    pub fn raw(
        &self,
        query: &str,
        values: Vec<Value>,
    ) -> Result<impl Iterator<Item = Result<Vec<Value>, Failure>> + use<>, Failure> {
        let rows = self.sql.exec(query, values)?.raw();
        Ok(rows.map(|row| row.map_err(Failure::from)))
    }

    /// All or nothing: what `work` wrote is taken back when it fails.
    pub fn atomically<T, E>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E>
    where
        E: From<Failure>,
    {
        let mut work = Some(work);
        let mut outcome = None;
        let mut carry_out = || -> Result<(), JsValue> {
            let result = work.take().map(|work| work());
            let failed = !matches!(result, Some(Ok(_)));
            outcome = result;
            // The runtime takes the writes back when its callback throws.
            if failed { Err(JsValue::NULL) } else { Ok(()) }
        };
        let storage: &JsValue = self.storage.as_raw();
        let transaction: Function = Reflect::get(storage, &"transactionSync".into())
            .and_then(JsCast::dyn_into)
            .map_err(|error| Failure::from(worker::Error::from(error)))?;
        let thrown = {
            let callback = ScopedClosure::<dyn FnMut() -> Result<(), JsValue>>::borrow_mut_aborting(
                &mut carry_out,
            );
            transaction.call1(storage, callback.as_js_value()).err()
        };
        match (outcome, thrown) {
            (Some(Ok(value)), None) => Ok(value),
            (Some(Err(failure)), _) => Err(failure),
            (_, thrown) => {
                Err(Failure::from(worker::Error::from(thrown.unwrap_or_default())).into())
            }
        }
    }
}
