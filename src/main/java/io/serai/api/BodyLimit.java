package io.serai.api;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses bodies that are too large, by their announced length or while they are read. */
final class BodyLimit extends OncePerRequestFilter {
  static final int BYTES = 10 * 1024 * 1024;

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getContentLengthLong() > BYTES) {
      ProblemResolver.write(request, response, refused());
      return;
    }
    chain.doFilter(new Limited(request), response);
  }

  private static Problem refused() {
    return Problem.tooLarge(
        "The body is larger than %d MB; send it in parts.".formatted(BYTES >> 20));
  }

  private static final class Limited extends HttpServletRequestWrapper {
    private ServletInputStream stream;

    Limited(HttpServletRequest request) {
      super(request);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      if (stream == null) {
        stream = new Counted(super.getInputStream());
      }
      return stream;
    }
  }

  private static final class Counted extends ServletInputStream {
    private final ServletInputStream stream;
    private long read;

    Counted(ServletInputStream stream) {
      this.stream = stream;
    }

    private int counted(int count, int bytes) {
      read += count < 0 ? 0 : bytes;
      if (read > BYTES) {
        throw refused();
      }
      return count;
    }

    @Override
    public int read() throws IOException {
      return counted(stream.read(), 1);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = stream.read(bytes, offset, length);
      return counted(count, count);
    }

    @Override
    public boolean isFinished() {
      return stream.isFinished();
    }

    @Override
    public boolean isReady() {
      return stream.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      stream.setReadListener(listener);
    }
  }
}
