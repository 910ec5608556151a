//! The listening socket. Below axum, so that an answer can be withheld and the connection closed.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::app::App;
use crate::gateway::Withheld;
use crate::{api, control};

/// Binds loopback alone; port 0 takes a free one.
pub(crate) async fn bind(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until the task is aborted, which also closes every connection.
pub(crate) async fn serve(listener: TcpListener, app: App) {
    // The gateway has a limit of its own, and lists for the control API may be long.
    let router = control::router()
        .merge(api::router(&app))
        .layer(DefaultBodyLimit::disable())
        .with_state(app);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, router.clone()));
                }
                // Out of file descriptors, or a peer that left already: the next one may do better.
                Err(error) => {
                    tracing::warn!(%error, "connection not accepted");
                    tokio::task::yield_now().await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, router: Router) {
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<Incoming>| {
        let answer = router.call(request);
        async move {
            let response = answer.await.map_err(io::Error::other)?;
            match response.extensions().get::<Withheld>() {
                // A failed service makes hyper drop the connection without writing anything.
                Some(Withheld) => Err(io::Error::other("answer withheld")),
                None => Ok(response),
            }
        }
    });
    // Small answers on a loopback connection must not wait for the peer's delayed acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY not set");
    }
    if let Err(error) = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await
    {
        tracing::debug!(%error, "connection ended");
    }
}
