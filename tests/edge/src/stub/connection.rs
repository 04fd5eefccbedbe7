//! One connection to a stub: one request, one answer, the end.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use socket2::SockRef;

use super::{Received, Reply};

/// Reads a request, and gives the answer which `answer` finds for it.
pub(super) fn serve(stream: TcpStream, answer: impl FnOnce(Received) -> Reply) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let Some(request) = receive(&mut reader)? else {
        return Ok(());
    };
    let reply = answer(request);
    thread::sleep(reply.delay);
    if reply.is_reset {
        // Closed without lingering, a connection is reset.
        return SockRef::from(reader.get_ref()).set_linger(Some(Duration::ZERO));
    }
    let mut rest = reply.bytes.as_slice();
    if let Some((after, gate)) = &reply.gate {
        let (first, held) = rest.split_at(*after);
        reader.get_mut().write_all(first)?;
        gate.pass();
        rest = held;
    }
    reader.get_mut().write_all(rest)
}

/// None when the caller said nothing.
fn receive(reader: &mut impl BufRead) -> io::Result<Option<Received>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if reader.read_until(b'\n', &mut head)? == 0 {
            return if head.is_empty() {
                Ok(None)
            } else {
                Err(io::ErrorKind::UnexpectedEof.into())
            };
        }
    }
    let mut lines = [httparse::EMPTY_HEADER; 128];
    let mut parsed = httparse::Request::new(&mut lines);
    parsed.parse(&head).map_err(io::Error::other)?;
    let headers: Vec<(String, String)> = parsed
        .headers
        .iter()
        .map(|header| {
            (
                header.name.to_owned(),
                String::from_utf8_lossy(header.value).into_owned(),
            )
        })
        .collect();
    let mut request = Received {
        method: parsed.method.unwrap_or_default().to_owned(),
        target: parsed.path.unwrap_or_default().to_owned(),
        headers,
        body: Vec::new(),
        head: Vec::new(),
    };
    request.head = head;
    if request
        .header("transfer-encoding")
        .is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"))
    {
        request.body = chunks(reader)?;
    } else if let Some(length) = request.header("content-length") {
        request.body = vec![0; length.parse().map_err(io::Error::other)?];
        reader.read_exact(&mut request.body)?;
    }
    Ok(Some(request))
}

/// A body in the chunked transfer coding.
fn chunks(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        let Ok(httparse::Status::Complete((_, size))) = httparse::parse_chunk_size(&line) else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        reader.by_ref().take(size).read_to_end(&mut body)?;
        reader.read_until(b'\n', &mut Vec::new())?;
        if size == 0 {
            return Ok(body);
        }
    }
}
