//! The tokens: stored sealed, and fetched once however many ask.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, Shared};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use shared::model::Authorization;
use shared::problem::ErrorDetail;
use shared::request::login::{self, Token};
use worker::{Env, State};

use super::protocol::TokenRequest;
use crate::config::Config;
use crate::error::Failure;
use crate::store::Store;
use crate::{bind, carry_out, clock, seal};

const MIGRATIONS: &[&str] = &[
    "CREATE TABLE tokens (settings TEXT PRIMARY KEY, sealed TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
];

/// How long a token service may take.
const TIMEOUT_MS: u32 = 30_000;

type Fetching = Shared<LocalBoxFuture<'static, Result<Token, ErrorDetail>>>;

/// The tokens of one integration, by the settings that each was fetched with: with a changed
/// secret, no token that an old one brought is used.
pub(super) struct Tokens {
    env: Env,
    config: Rc<Config>,
    store: Store,
    fetching: RefCell<HashMap<String, Fetching>>,
}

impl Tokens {
    pub(super) fn open(state: &State, env: Env) -> Result<Self, Failure> {
        Ok(Self {
            config: Config::read(&env)?,
            store: Store::open(state, MIGRATIONS)?,
            fetching: RefCell::default(),
            env,
        })
    }

    /// A token that is fresh, and not the one that was refused.
    pub(super) async fn token(self: Rc<Self>, wanted: TokenRequest) -> Result<String, ErrorDetail> {
        let settings = self.settings(&wanted.authorization);
        let fits = |token: &Token| {
            token.is_fresh(clock::now()) && wanted.refused.as_ref() != Some(&token.value)
        };
        if let Some(token) = self.stored(&settings).filter(fits) {
            return Ok(token.value);
        }
        let fetching = self.fetching.borrow().get(&settings).cloned();
        let fetching = fetching.unwrap_or_else(|| {
            let fetching = Rc::clone(&self)
                .fetch(settings.clone(), wanted.authorization)
                .boxed_local()
                .shared();
            self.fetching
                .borrow_mut()
                .insert(settings, fetching.clone());
            fetching
        });
        fetching.await.map(|token| token.value)
    }

    async fn fetch(
        self: Rc<Self>,
        settings: String,
        authorization: Authorization,
    ) -> Result<Token, ErrorDetail> {
        let fetched = self.ask_service(&authorization).await;
        if let Ok(token) = &fetched {
            self.keep(&settings, token);
        }
        self.fetching.borrow_mut().remove(&settings);
        fetched
    }

    async fn ask_service(&self, authorization: &Authorization) -> Result<Token, ErrorDetail> {
        let request = login::token_request(authorization, &self.config.public_url)?;
        let asked_at = clock::now();
        let response =
            carry_out::ask_token_service(&self.env, &self.config, request, TIMEOUT_MS).await?;
        // A token lives from when it was asked for, at the earliest.
        Ok(login::read_token(
            response.status,
            &response.body.0,
            authorization,
            asked_at,
        )?)
    }

    /// What cannot be read is fetched anew.
    fn stored(&self, settings: &str) -> Option<Token> {
        #[derive(Deserialize)]
        struct Row {
            sealed: String,
        }
        let query = "SELECT sealed FROM tokens WHERE settings = ?";
        let row: Row = self.store.first(query, bind![settings]).ok()??;
        let token = seal::open_text(&self.config, &place(settings), &row.sealed).ok()?;
        serde_json::from_str(&token).ok()
    }

    /// A token that cannot be stored is still good for those who wait for it.
    fn keep(&self, settings: &str, token: &Token) {
        let keep = || {
            let text = serde_json::to_string(token)
                .map_err(|error| Failure::internal("tokens", &error))?;
            let sealed = seal::seal_text(&self.config, &place(settings), &text)?;
            self.store.run(
                "DELETE FROM tokens WHERE expires_at < ?",
                bind![clock::now()],
            )?;
            self.store.run(
                "INSERT OR REPLACE INTO tokens (settings, sealed, expires_at) VALUES (?, ?, ?)",
                bind![settings, sealed, token.expires_at],
            )
        };
        // The failure has been logged where it arose.
        let _: Result<usize, Failure> = keep();
    }

    /// Names settings without telling them: a keyed digest, because some secrets can be guessed.
    fn settings(&self, authorization: &Authorization) -> String {
        let mut digest = Sha256::new();
        digest.update(self.config.master_key.bytes());
        digest.update(serde_json::to_vec(authorization).unwrap_or_default());
        URL_SAFE_NO_PAD.encode(digest.finalize())
    }
}

/// What a token is sealed for.
fn place(settings: &str) -> String {
    format!("token/{settings}")
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}
