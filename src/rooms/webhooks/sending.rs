//! Sending what is due: outside any transaction, some at a time, so that a receiver that hangs keeps nobody else waiting.

use super::rules::{error_of, verdict};
use super::table::{self, DeliveryRow, WebhookRow};
use super::target::{NoPublicAddress, PublicOnly};
use super::wire::{Attempt, AttemptError, DisabledBecause};
use super::{outbox, target};
use crate::actor::Actor;
use crate::app_state::AppState;
use crate::auth::secret_encryption::{of_previous_webhook_secret, of_webhook_secret};
use crate::change::{self, Event};
use crate::db::{self, Conn};
use crate::problem::{Error, Result};
use crate::values::clock::UtcTime;
use crate::values::id::WebhookId;
use chrono::TimeDelta;
use reqwest::redirect::Policy;
use reqwest::{Client, header};
use secrecy::{ExposeSecret, SecretString};
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How often it is looked whether anything is due.
const GLANCE: Duration = Duration::from_millis(500);
/// How long a receiver has for its answer (Standard Webhooks recommends 15 to 30 seconds).
const PATIENCE: Duration = Duration::from_secs(15);
/// And for a connection.
const CONNECTING: Duration = Duration::from_secs(5);
/// For how long a delivery is held by who sends it: longer than a receiver has.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// How many messages are on their way to one receiver at a time.
const MOST_TO_ONE: usize = 4;

/// Sends what is due until the server drains.
pub async fn send_forever(app: Arc<AppState>) {
    let sender = Rc::new(Sender { client: OnceCell::new(), under_way: RefCell::default(), app });
    while !sender.app.draining.load(Ordering::Acquire) {
        if let Err(error) = sender.clone().send_due().await {
            tracing::error!(?error, "cannot send to webhooks; it will be tried again");
        }
        tokio::time::sleep(GLANCE).await;
    }
}

struct Sender {
    app: Arc<AppState>,
    /// Made when first there is something to send: it reads all the machine's certificates.
    client: OnceCell<std::result::Result<Client, reqwest::Error>>,
    /// How many messages are on their way to each.
    under_way: RefCell<HashMap<WebhookId, usize>>,
}

/// What sends: to where the name leads by then, without proxies, and no further if it is told to go elsewhere.
fn client(app: &AppState) -> std::result::Result<Client, reqwest::Error> {
    Client::builder()
        .dns_resolver(Arc::new(PublicOnly { allow_private: app.config.webhook_allow_private }))
        .redirect(Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .connect_timeout(CONNECTING)
        // A connection that is kept leads where the name led once.
        .pool_max_idle_per_host(0)
        .user_agent(concat!("Binhdang/", env!("CARGO_PKG_VERSION")))
        .build()
}

impl Sender {
    async fn send_due(self: Rc<Self>) -> Result<()> {
        let now = UtcTime::now();
        for id in self.app.db.read(move |c| outbox::any_due(c, now)).await? {
            let free = MOST_TO_ONE - self.under_way.borrow().get(&id).copied().unwrap_or_default().min(MOST_TO_ONE);
            if free == 0 {
                continue;
            }
            let most = i64::try_from(free).map_err(Error::internal)?;
            let claimed = self.app.db.write(move |c| {
                let webhook = table::find(c, &id)?;
                Ok((outbox::claim(c, &id, most, now, now.plus(LEASE))?, webhook))
            });
            let (due, webhook) = claimed.await?;
            for delivery in due {
                *self.under_way.borrow_mut().entry(webhook.id.clone()).or_default() += 1;
                let (sender, webhook) = (self.clone(), webhook.clone());
                tokio::task::spawn_local(async move {
                    let id = webhook.id.clone();
                    if let Err(error) = sender.deliver(webhook, delivery).await {
                        tracing::error!(
                            ?error,
                            "cannot write down what became of a message to a webhook; it is sent again, under the same id"
                        );
                    }
                    if let Some(count) = sender.under_way.borrow_mut().get_mut(&id) {
                        *count -= 1;
                    }
                });
            }
        }
        Ok(())
    }

    /// Sends one message, and writes down what became of it.
    async fn deliver(&self, webhook: WebhookRow, delivery: DeliveryRow) -> Result<()> {
        let (began, at) = (Instant::now(), UtcTime::now());
        let answer = self.post(&webhook, &delivery, at).await?;
        let (status, error) = match answer {
            Ok(status) => (Some(status), error_of(status)),
            Err(error) => (None, Some(error)),
        };
        let duration_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let attempt = Attempt { at, duration_ms, status, error };
        let now = UtcTime::now();
        let verdict = verdict(delivery.attempts + 1, &attempt, now);
        tracing::info!(
            webhook.id = %webhook.id, delivery.id = %delivery.id, status, ?error, duration_ms, outcome = verdict.status.as_str(),
            "a message was sent to a webhook"
        );
        let actor = Actor::system(&self.app.config, "webhooks");
        let written = self.app.db.write(move |c| {
            outbox::note(c, &delivery, attempt, verdict, now)?;
            if verdict.disables { disable(c, &actor, &webhook.id, DisabledBecause::Gone) } else { Ok(()) }
        });
        written.await
    }

    /// The status that the receiver answers.
    async fn post(&self, webhook: &WebhookRow, delivery: &DeliveryRow, at: UtcTime) -> Result<std::result::Result<u16, AttemptError>> {
        let signatures = self.signatures(webhook, delivery, at)?;
        // What a webhook was written with may not be allowed any more.
        let Ok(url) = target::read(&webhook.url, self.app.config.webhook_allow_private) else { return Ok(Err(AttemptError::Address)) };
        let client = self
            .client
            .get_or_init(|| client(&self.app))
            .as_ref()
            .map_err(|error| Error::internal(format_args!("no messages can be sent: {error}")))?;
        let request = client
            .post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header(HEADER_WEBHOOK_ID, delivery.id.as_str())
            .header(HEADER_WEBHOOK_TIMESTAMP, at.unix())
            .header(HEADER_WEBHOOK_SIGNATURE, signatures)
            .body(delivery.payload.clone());
        // What the receiver says beside its status is not read.
        Ok(request.send().await.map(|answer| answer.status().as_u16()).map_err(|error| kind_of(&error)))
    }

    /// The signatures by the secret and, for a while, by the one before.
    fn signatures(&self, webhook: &WebhookRow, delivery: &DeliveryRow, at: UtcTime) -> Result<String> {
        let secrets = &self.app.auth.secrets;
        let mut by = vec![secrets.open(&of_webhook_secret(webhook.id.as_str()), &webhook.secret)?];
        if let Some(before) = webhook.previous_secret.as_ref().filter(|_| webhook.previous_until.is_some_and(|until| at < until)) {
            by.push(secrets.open(&of_previous_webhook_secret(webhook.id.as_str()), before)?);
        }
        let sign = |secret: &SecretString| {
            let webhook = Webhook::new(secret.expose_secret()).map_err(|_| Error::internal("a secret of a webhook is no secret"))?;
            webhook.sign(delivery.id.as_str(), at.unix(), delivery.payload.as_bytes()).map_err(Error::internal)
        };
        Ok(by.iter().map(sign).collect::<Result<Vec<_>>>()?.join(" "))
    }
}

/// What went wrong, without what the library says of it: that may name addresses inside.
fn kind_of(error: &reqwest::Error) -> AttemptError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(at) = cause {
        if at.is::<NoPublicAddress>() {
            return AttemptError::Address;
        }
        cause = at.source();
    }
    if error.is_timeout() { AttemptError::Timeout } else { AttemptError::Connection }
}

/// Makes a webhook inactive.
fn disable(c: &mut Conn, actor: &Actor, id: &WebhookId, why: DisabledBecause) -> Result<()> {
    db::lock(c, "webhooks", id.as_str())?;
    let mut row = table::find(c, id)?;
    if !row.active {
        return Ok(());
    }
    (row.active, row.disabled_because) = (false, Some(why.as_str().to_owned()));
    (row.version, row.updated_at) = (row.version + 1, actor.now);
    let event = Event::of("disabled", &row).change(None, Some(serde_json::json!({"because": why})));
    change::save(c, actor, &event, |w| table::update(w, &row))
}
