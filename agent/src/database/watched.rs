//! A socket that notices when nobody answers.
//!
//! In PostgreSQL's protocol every request has an answer. So bytes that went out and were followed by silence mean that the server is
//! busy for too long, or that nobody is there: a peer that lost its power, a network that drops packets, a proxy that hangs. TCP by
//! itself notices the first two after minutes or hours, the third never.

use std::{
    error::Error as _,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep},
};

/// What a socket has to do.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A socket whose reads fail once a request has gone without an answer for too long.
pub struct Watched {
    socket: Box<dyn Stream>,
    silence: Option<Duration>,
    timer: Option<Pin<Box<Sleep>>>,
    /// Something was sent, and nothing has come since.
    waiting: bool,
}

impl Watched {
    /// Watches `socket`; without a limit it waits as long as it takes.
    pub(super) fn new(socket: impl Stream + 'static, silence: Option<Duration>) -> Self {
        Self {
            socket: Box::new(socket),
            silence,
            timer: None,
            waiting: false,
        }
    }

    /// From now on an answer is awaited; a long request is not yet one as long as parts of it leave.
    fn wait(&mut self, parts_leave: bool, context: &mut Context<'_>) {
        let Some(silence) = self.silence.filter(|_| parts_leave || !self.waiting) else {
            return;
        };
        self.waiting = true;
        let end = Instant::now() + silence;
        match &mut self.timer {
            Some(timer) => timer.as_mut().reset(end),
            None => self.timer = Some(Box::pin(tokio::time::sleep_until(end))),
        }
        // Reads and writes are polled by one task: whichever came first, the timer wakes it.
        let _elapsed = self.is_over(context);
    }

    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        self.waiting
            && self
                .timer
                .as_mut()
                .is_some_and(|timer| timer.as_mut().poll(context).is_ready())
    }
}

/// Whether the connection ended because its socket was silent.
pub(super) fn was_silent(error: &tokio_postgres::Error) -> bool {
    error
        .source()
        .and_then(|source| source.downcast_ref::<io::Error>())
        .is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let ready @ Poll::Ready(_) = Pin::new(&mut self.socket).poll_read(context, buffer) {
            self.waiting = false;
            return ready;
        }
        if self.is_over(context) {
            self.waiting = false;
            let seconds = self.silence.unwrap_or_default().as_secs_f64();
            return Poll::Ready(Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!("no answer within {seconds} s (database.timeout_seconds)"),
            )));
        }
        Poll::Pending
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.wait(matches!(written, Poll::Ready(Ok(_))), context);
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const SILENCE: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn a_request_without_an_answer_fails_the_read_that_waits_for_it() {
        let (near, _far) = tokio::io::duplex(64);
        let mut watched = Watched::new(near, Some(SILENCE));
        watched.write_all(b"request").await.unwrap();
        let error = watched.read_u8().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(
            error.to_string().contains("database.timeout_seconds"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_request_that_takes_long_to_leave_is_not_silence_but_one_that_cannot_leave_is() {
        let (near, mut far) = tokio::io::duplex(1);
        let mut watched = Watched::new(near, Some(Duration::from_secs(2)));
        let (mut near_read, mut near_write) = tokio::io::split(&mut watched);
        let slowly = async {
            for _ in 0..4 {
                tokio::time::sleep(Duration::from_millis(600)).await;
                far.read_u8().await.unwrap();
            }
            far.write_all(b"a").await.unwrap();
        };
        let (written, read, ()) =
            tokio::join!(near_write.write_all(b"long"), near_read.read_u8(), slowly);
        written.unwrap();
        assert_eq!(read.unwrap(), b'a');
        let (_, stuck) = tokio::join!(
            tokio::time::timeout(Duration::from_secs(30), near_write.write_all(b"more")),
            near_read.read_u8()
        );
        assert_eq!(stuck.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn who_has_asked_for_nothing_waits_without_a_limit() {
        let (near, mut far) = tokio::io::duplex(64);
        let mut watched = Watched::new(near, Some(SILENCE));
        watched.write_all(b"request").await.unwrap();
        far.write_all(b"a").await.unwrap();
        assert_eq!(watched.read_u8().await.unwrap(), b'a');
        let next = watched.read_u8();
        assert!(tokio::time::timeout(4 * SILENCE, next).await.is_err());
    }
}
