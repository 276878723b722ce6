//! A client's TCP stream, watched.

use super::{Connection, Connections, MayRead};
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// How much the kernel takes of an answer beyond what is on its way, in bytes. Without this bound it would take megabytes
/// for each client that does not read. It asks for more when half of it is gone: whoever takes less than that within his
/// time is too slow.
const AHEAD: u32 = 128 * 1024;

/// How much is read before what was read is looked at, in bytes, unless it is the body of a request. The protocol layer
/// makes requests of all that it has read, kilobytes each, though it works on one after the other.
const AT_ONCE: usize = 1024;

/// A TCP stream whose connection is watched. It fails once the connection is ended.
#[derive(Debug)]
pub struct Stream {
    io: TcpStream,
    connection: Arc<Connection>,
    /// Whether there may be more beside what was read and has not been looked at.
    unseen: bool,
}

impl Stream {
    /// Takes a client in.
    #[must_use]
    pub fn new(io: TcpStream, all: &Arc<Connections>) -> Self {
        // An answer goes out in several pieces, the last of which would wait for the client to acknowledge the others: 40 ms,
        // as clients put that off (RFC 1122 section 4.2.3.2).
        let _ = io.set_nodelay(true);
        // Where the system does not know it, the bounds that are kept here remain.
        #[cfg(target_os = "linux")]
        let _ = socket2::SockRef::from(&io).set_tcp_notsent_lowat(AHEAD);
        Self { io, connection: all.open(), unseen: false }
    }

    /// Its connection.
    #[must_use]
    pub fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }

    /// Whether it goes on; whoever ends it wakes this task.
    fn goes_on(&self, cx: &Context<'_>) -> Result<()> {
        self.connection.waker.register(cx.waker());
        if self.connection.is_ended() { Err(Error::new(ErrorKind::TimedOut, "the connection was ended")) } else { Ok(()) }
    }

    fn note(&self, written: &Poll<Result<usize>>, offered: usize) {
        match written {
            Poll::Ready(_) => self.connection.told(),
            Poll::Pending => self.connection.blocked(offered),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        self.goes_on(cx)?;
        let unseen = std::mem::take(&mut self.unseen);
        match self.connection.may_read() {
            // The end of the request wakes this task.
            MayRead::Nothing => Poll::Pending,
            MayRead::Body => Pin::new(&mut self.io).poll_read(cx, buf),
            MayRead::Requests if unseen => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            MayRead::Requests => {
                let mut part = [0; AT_ONCE];
                let mut part = ReadBuf::new(part.get_mut(..buf.remaining().min(AT_ONCE)).unwrap_or_default());
                ready!(Pin::new(&mut self.io).poll_read(cx, &mut part))?;
                buf.put_slice(part.filled());
                if !part.filled().is_empty() {
                    self.unseen = part.remaining() == 0;
                    self.connection.heard();
                }
                Poll::Ready(Ok(()))
            }
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        self.goes_on(cx)?;
        let written = Pin::new(&mut self.io).poll_write(cx, buf);
        self.note(&written, buf.len());
        written
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bufs: &[IoSlice<'_>]) -> Poll<Result<usize>> {
        self.goes_on(cx)?;
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, bufs);
        self.note(&written, bufs.iter().map(|buf| buf.len()).sum());
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if self.connection.is_ended() && self.connection.is_blocked() {
            // The kernel would keep for minutes what nobody takes.
            let _ = self.io.set_zero_linger();
        }
        self.connection.closed();
    }
}
