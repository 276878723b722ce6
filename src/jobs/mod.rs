//! Work that the service does by itself, again and again: it dissolves the wards and units whose day has come, opens the periods whose time has come, links the
//! audit trail, puts changes into their order, lays down what webhooks are to be told and forgets what need not be kept. One loop; a job is a function. Where several servers share a database, one of them holds a job's lease.

use crate::actor::Actor;
use crate::app_state::AppState;
use crate::both;
use crate::change::{idempotency, order};
use crate::db::Conn;
use crate::db::schema::leases;
use crate::problem::Result;
use crate::rooms::{accounts, audit, imports, jurisdictions, periods, successions, units, webhooks};
use crate::values::clock::UtcTime;
use crate::values::period::today_local;
use chrono::TimeDelta;
use diesel::prelude::*;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// How often the loop looks whether something is to be done.
const TICK: Duration = Duration::from_secs(2);
/// How often it looks whether the server drains: whoever stops it waits for that.
const GLANCE: Duration = Duration::from_millis(100);
/// How many batches are forgotten in one round at most: the other jobs wait for it.
const ROUNDS: usize = 200;
/// For how long a server keeps a job to itself; after a crash another one takes it over.
const LEASE: TimeDelta = TimeDelta::seconds(5);

#[derive(Debug, Clone, Copy)]
enum Job {
    Jurisdictions,
    Units,
    Periods,
    AuditChain,
    Imports,
    ChangeOrder,
    Webhooks,
    Forgetting,
}

impl Job {
    const ALL: [Self; 8] = [
        Self::Jurisdictions,
        Self::Units,
        Self::Periods,
        Self::AuditChain,
        Self::ChangeOrder,
        Self::Webhooks,
        Self::Imports,
        Self::Forgetting,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Jurisdictions => "jurisdictions",
            Self::Units => "units",
            Self::Periods => "periods",
            Self::AuditChain => "audit_chain",
            Self::Imports => "imports",
            Self::ChangeOrder => "change_order",
            Self::Webhooks => "webhooks",
            Self::Forgetting => "forgetting",
        }
    }

    fn every(self) -> Duration {
        match self {
            Self::Jurisdictions | Self::Units | Self::Periods | Self::AuditChain | Self::ChangeOrder | Self::Webhooks | Self::Imports => {
                TICK
            }
            Self::Forgetting => Duration::from_secs(300),
        }
    }

    async fn run(self, app: &AppState) -> Result<()> {
        match self {
            Self::Jurisdictions => settle_jurisdictions(app).await,
            Self::Units => settle_units(app).await,
            Self::Periods => settle_periods(app).await,
            Self::AuditChain => audit::extend(app).await,
            Self::Imports => imports::fail_abandoned(app).await,
            Self::ChangeOrder => order::settle(&app.db).await,
            Self::Webhooks => webhooks::fill(app).await,
            Self::Forgetting => forget(app).await,
        }
    }
}

/// Starts the loop on the present runtime; it ends when the server drains, after the job that runs then.
pub fn spawn(app: Arc<AppState>) -> JoinHandle<()> {
    tokio::task::spawn_local(webhooks::send_forever(app.clone()));
    tokio::task::spawn_local(async move {
        let holder = uuid::Uuid::now_v7().to_string();
        let mut last: [Option<Instant>; Job::ALL.len()] = [None; Job::ALL.len()];
        while !app.draining.load(Ordering::Acquire) {
            for (job, last) in Job::ALL.into_iter().zip(&mut last) {
                let is_due = last.is_none_or(|at| at.elapsed() >= job.every()) && !app.draining.load(Ordering::Acquire);
                if is_due && attempt(&app, &holder, job).await {
                    *last = Some(Instant::now());
                }
            }
            let until = Instant::now() + TICK;
            while Instant::now() < until && !app.draining.load(Ordering::Acquire) {
                tokio::time::sleep(GLANCE).await;
            }
        }
    })
}

/// Does what others may be waiting for and is due now, whatever other servers do. What need not be kept can wait.
///
/// # Errors
/// The first fault.
pub async fn run_due(app: &AppState) -> Result<()> {
    for job in [Job::Jurisdictions, Job::Units, Job::Periods, Job::AuditChain] {
        job.run(app).await?;
    }
    Ok(())
}

/// Whether the job was done. A failure is logged and the loop goes on: the next round may find the database again, or the
/// lease of a server that has gone run out.
async fn attempt(app: &AppState, holder: &str, job: Job) -> bool {
    let outcome = match claimed(app, holder, job).await {
        Ok(true) => job.run(app).await.map(|()| true),
        other => other,
    };
    outcome.unwrap_or_else(|error| {
        tracing::error!(job = job.name(), ?error, "a job failed; it will be tried again");
        false
    })
}

/// Whether this server may do the job now. An embedded database belongs to one process, which needs no lease.
async fn claimed(app: &AppState, holder: &str, job: Job) -> Result<bool> {
    if !app.db.is_postgres() {
        return Ok(true);
    }
    let holder = holder.to_owned();
    app.db.write(move |c| claim(c, job.name(), &holder, UtcTime::now())).await
}

fn claim(c: &mut Conn, name: &str, holder: &str, now: UtcTime) -> Result<bool> {
    let until = now.plus(LEASE);
    let mine = leases::table.find(name).filter(leases::holder.eq(holder).or(leases::held_until.le(now)));
    if diesel::update(mine).set((leases::holder.eq(holder), leases::held_until.eq(until))).execute(c)? == 1 {
        return Ok(true);
    }
    // Held by another server, or claimed for the first time: of several at once one has it.
    let row = (leases::name.eq(name), leases::holder.eq(holder), leases::held_until.eq(until));
    Ok(both!(c, c => diesel::insert_into(leases::table).values(row).on_conflict_do_nothing().execute(c))? == 1)
}

/// Carries out the dissolutions of wards whose day has come, so that their later periods are closed.
async fn settle_jurisdictions(app: &AppState) -> Result<()> {
    let actor = Actor::system(&app.config, "jurisdictions");
    let today = today_local(actor.now);
    for id in app.db.read(move |c| jurisdictions::due_dissolutions(c, today)).await? {
        let (actor, dissolving) = (actor.clone(), id.clone());
        match app.db.write(move |c| successions::carry_out_jurisdiction(c, &actor, &dissolving)).await {
            Ok(true) => tracing::info!(jurisdiction = %id, "dissolved a jurisdiction"),
            Ok(false) => {}
            Err(error) => tracing::error!(jurisdiction = %id, ?error, "cannot dissolve a jurisdiction"),
        }
    }
    Ok(())
}

/// Carries out the dissolutions of units whose day has come, and notes which units came into force or went out of it today: before the periods
/// that open today ask them.
async fn settle_units(app: &AppState) -> Result<()> {
    let actor = Actor::system(&app.config, "units");
    let today = today_local(actor.now);
    for id in app.db.read(move |c| units::due_dissolutions(c, today)).await? {
        let (actor, dissolving) = (actor.clone(), id.clone());
        match app.db.write(move |c| successions::carry_out(c, &actor, &dissolving)).await {
            Ok(true) => tracing::info!(unit = %id, "dissolved a unit"),
            Ok(false) => {}
            Err(error) => tracing::error!(unit = %id, ?error, "cannot dissolve a unit"),
        }
    }
    for id in app.db.read(move |c| units::turning(c, today)).await? {
        let (actor, turning) = (actor.clone(), id.clone());
        match app.db.write(move |c| units::turn(c, &actor, &turning)).await {
            Ok(_) => tracing::info!(unit = %id, "a unit came into force or went out of it"),
            Err(error) => tracing::error!(unit = %id, ?error, "cannot note that a unit came into force or went out of it"),
        }
    }
    Ok(())
}

/// Makes the periods that active plans imply and opens those whose time has come, each in a transaction of its own: one
/// that fails keeps no other from opening.
async fn settle_periods(app: &AppState) -> Result<()> {
    let schedule = app.config.schedule;
    let actor = Actor::system(&app.config, "periods");
    for plan in app.db.read(move |c| periods::plans_lacking(c, &schedule)).await? {
        let (actor, code) = (actor.clone(), plan.code.clone());
        match app.db.write(move |c| periods::ensure_implied(c, &actor, &plan)).await {
            Ok(0) => {}
            Ok(made) => tracing::info!(plan = %code, made, "made the reporting periods that the plan implies"),
            Err(error) => tracing::error!(plan = %code, ?error, "cannot make the reporting periods that the plan implies"),
        }
    }
    let now = actor.now;
    for id in app.db.read(move |c| periods::due_to_open(c, now)).await? {
        let (actor, opening) = (actor.clone(), id.clone());
        match app.db.write(move |c| periods::open_if_due(c, &actor, &opening)).await {
            Ok(true) => tracing::info!(period = %id, "opened a reporting period"),
            Ok(false) => {}
            Err(error) => tracing::error!(period = %id, ?error, "cannot open a reporting period"),
        }
    }
    Ok(())
}

/// Forgets what need not be kept, a batch in each transaction, so that others come in between.
async fn forget(app: &AppState) -> Result<()> {
    let limits = app.config.sign_in;
    let batch = move |c: &mut Conn| {
        let now = UtcTime::now();
        let more = accounts::expire(c, limits, now)? | imports::expire(c, now)?;
        let more = idempotency::expire(c, now)? | webhooks::forget(c, now)? || more;
        Ok(order::forget(c, now)? || more)
    };
    for _ in 0..ROUNDS {
        if !app.db.write(batch).await? {
            break;
        }
    }
    Ok(())
}
