//! Where rooms mount their handlers: on the application that serves, or on the document that describes it.

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{OpenApiFactory, scope};

/// One list of rooms serves both, so that document and application cannot part; a server need not describe itself again.
pub enum Routes<'a, 's> {
    /// The application.
    Serving(&'a mut web::ServiceConfig),
    /// The document.
    Describing(&'a mut ServiceConfig<'s>),
}

impl Routes<'_, '_> {
    /// Mounts a handler.
    pub fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, handler: F) -> &mut Self {
        match self {
            Self::Serving(config) => drop(config.service(handler)),
            Self::Describing(config) => drop(config.service(handler)),
        }
        self
    }

    /// Mounts what `routes` mounts.
    pub fn configure(&mut self, routes: impl FnOnce(&mut Self)) -> &mut Self {
        routes(self);
        self
    }

    /// Mounts what `routes` mounts, below a path.
    pub fn scope(&mut self, path: &str, routes: impl FnOnce(&mut Routes)) -> &mut Self {
        match self {
            Self::Serving(config) => drop(config.service(web::scope(path).configure(|inner| routes(&mut Routes::Serving(inner))))),
            Self::Describing(config) => drop(config.service(scope::scope(path).configure(|inner| routes(&mut Routes::Describing(inner))))),
        }
        self
    }
}
