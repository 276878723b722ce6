//! The seed of a new installation: the plan of phường Đồng Nguyên, as it was transcribed, made through the rooms' own
//! rules in one transaction.

mod checks;
mod inputs;
mod item;
mod plan;

use crate::actor::Actor;
use crate::db::schema::{jurisdictions as places, plans as plan_rows, units as unit_rows};
use crate::db::{self, Conn};
use crate::problem::{Place, Result};
use crate::reading::references::Scope;
use crate::rooms::plans::{self, PlanKey};
use crate::rooms::{goals, indicators, jurisdictions, tasks, units};
use diesel::prelude::*;

/// The transcription, carried by the binary.
const FILE: &str = include_str!("dong-nguyen.json");

/// Makes the plan where there is none yet; answers whether it did. Several servers that start at once make it once.
///
/// # Errors
/// If the database fails or something of the seed is refused: then nothing of it is made.
pub fn apply(c: &mut Conn, actor: &Actor) -> Result<bool> {
    db::lock_name(c, "seed")?;
    let there: Option<String> = plan_rows::table.select(plan_rows::code).first(c).optional()?;
    if there.is_some() {
        return Ok(false);
    }
    let all = inputs::of(FILE)?;
    // Administrative units and responsible units outlive a plan that was deleted.
    let known: Vec<String> = places::table.select(places::code).load(c)?;
    for place in all.jurisdictions.iter().filter(|p| !known.contains(&p.code)) {
        jurisdictions::create(c, actor, place)?;
    }
    plans::create(c, actor, &all.plan)?;
    let plan: PlanKey = Scope::default().one(c, &all.plan.code, &Place::body("/plan"))?;
    let known: Vec<String> = unit_rows::table.filter(unit_rows::jurisdiction.eq(&plan.jurisdiction)).select(unit_rows::code).load(c)?;
    for unit in all.units.iter().filter(|u| !known.contains(&u.code)) {
        units::create(c, actor, unit)?;
    }
    for dimension in &all.dimensions {
        indicators::create_dimension(c, actor, dimension)?;
    }
    for goal in &all.goals {
        goals::create(c, actor, goal)?;
    }
    for printed in &all.printed {
        indicators::create_printed(c, actor, printed)?;
    }
    for indicator in &all.indicators {
        indicators::create(c, actor, indicator)?;
    }
    for task in &all.tasks {
        tasks::add(c, actor, &plan, task)?;
    }
    Ok(true)
}
