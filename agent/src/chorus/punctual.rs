//! A request body that leaves in time or not at all.
//!
//! Between the decision to send and the first byte lie a name to look up, a connection to make and TLS to agree on, in which a machine
//! may be suspended. So the clock is read when the connection stands and asks for the body.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};

/// The connection asked for the body too late.
#[derive(Debug, thiserror::Error)]
#[error("too late to be sent")]
pub struct TooLate;

/// Whether a body was asked for too late, and not sent.
#[derive(Debug, Clone, Default)]
pub struct Missed(Arc<AtomicBool>);

impl Missed {
    /// Whether it was.
    pub fn happened(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A body of known length.
pub struct Punctual<F> {
    content: Option<Bytes>,
    is_late: F,
    missed: Missed,
}

impl<F: Fn() -> bool> Punctual<F> {
    /// `content`, unless `is_late` when it is asked for.
    pub fn new(content: Bytes, is_late: F) -> (Self, Missed) {
        let missed = Missed::default();
        let body = Self {
            content: Some(content),
            is_late,
            missed: missed.clone(),
        };
        (body, missed)
    }
}

impl<F: Fn() -> bool + Unpin> Body for Punctual<F> {
    type Data = Bytes;
    type Error = TooLate;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TooLate>>> {
        let Some(content) = self.content.take() else {
            return Poll::Ready(None);
        };
        if (self.is_late)() {
            self.missed.0.store(true, Ordering::Release);
            return Poll::Ready(Some(Err(TooLate)));
        }
        Poll::Ready(Some(Ok(Frame::data(content))))
    }

    fn is_end_stream(&self) -> bool {
        self.content.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let left = self.content.as_ref().map_or(0, Bytes::len);
        SizeHint::with_exact(left as u64)
    }
}

#[cfg(test)]
mod tests {
    use tokio::{io::AsyncReadExt as _, net::TcpListener};

    use super::*;

    /// What a server gets of a body that is asked for in time, or too late; and what the client says.
    async fn posted(is_late: bool) -> (String, bool, bool) {
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (body, missed) = Punctual::new(Bytes::from_static(b"the deposit"), move || is_late);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let call = tokio::spawn(client.post(url).body(reqwest::Body::wrap(body)).send());
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut got = Vec::new();
        let mut buffer = [0; 1024];
        while !got.ends_with(b"the deposit") {
            match stream.read(&mut buffer).await.unwrap_or_default() {
                0 => break,
                count => got.extend_from_slice(buffer.get(..count).unwrap_or_default()),
            }
        }
        drop(stream);
        let answered = call.await.unwrap().is_ok();
        let got = String::from_utf8_lossy(&got).to_lowercase();
        (got, missed.happened(), answered)
    }

    #[tokio::test]
    async fn a_body_in_time_is_sent_whole_and_with_its_length() {
        let (got, missed, _) = posted(false).await;
        assert!(
            got.contains("content-length: 11") && got.ends_with("the deposit"),
            "{got}"
        );
        assert!(!missed);
    }

    #[tokio::test]
    async fn of_a_body_that_is_late_nothing_is_sent() {
        let (got, missed, answered) = posted(true).await;
        assert!(!got.contains("the deposit"), "{got}");
        assert!(missed && !answered);
    }
}
