// The log-in of an app as far as names go: every way in which an app on Tomcat may read the name
// for which a request brings a password. It keeps the names with the request's X-Try, for /records.

import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

public class LogIn {
    static final List<String> FIELDS = List.of("os_username", "username", "j_username", "name");

    /** Lines of a try and a name in base64, since they were last asked for. */
    static final Queue<String> RECORDS = new ConcurrentLinkedQueue<>();

    @WebServlet(name = "records", urlPatterns = "/records")
    public static class Records extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            for (String line = RECORDS.poll(); line != null; line = RECORDS.poll()) {
                response.getWriter().println(line);
            }
        }
    }

    /** Where the container believes it is, and who it believes asks. */
    @WebServlet(name = "place", urlPatterns = "/place")
    public static class Place extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            for (Object said : new Object[] {
                request.getRequestURL(), request.getScheme(), request.isSecure(), request.getServerName(),
                request.getServerPort(), request.getRemoteAddr(), request.getRemoteHost(), request.getRemoteUser()
            }) {
                response.getWriter().println(said);
            }
        }
    }

    /** Any page of the app: Seraph's filter takes Basic credentials and os_username. */
    @WebServlet(name = "anywhere", urlPatterns = "/")
    public static class Anywhere extends Reader {
        public Anywhere() {
            super(false);
        }
    }

    /** The addresses of log-ins. */
    @WebServlet(
            name = "log-in",
            urlPatterns = {
                "/login.jsp", "/dologin.action", "/login.action", "/userlogin.action",
                "/j_atl_security_check", "/servicedesk/customer/user/login",
                "/rest/auth/1/session", "/rest/auth/1/session/", "/rest/auth/latest/session",
                "/rest/auth/1/session.json", "/rest/auth/1/session.xml",
                "/rest/tsv/1.0/authenticate", "/rest/gadget/1.0/login"
            })
    @MultipartConfig
    public static class Pages extends Reader {
        public Pages() {
            super(true);
        }
    }

    static class Reader extends HttpServlet {
        private final boolean logIn;

        Reader(boolean logIn) {
            this.logIn = logIn;
        }

        /** Whatever the method. */
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            Set<String> names = new TreeSet<>();
            Collections.list(request.getHeaders("Authorization")).forEach(line -> basic(line, names));
            List<String> fields = logIn ? FIELDS : FIELDS.subList(0, 1);
            // The app says what letters its forms have, unless the request does: as it is set up.
            String charset = getServletContext().getInitParameter("charset");
            if (charset != null && request.getCharacterEncoding() == null) {
                request.setCharacterEncoding(charset);
            }
            String kind = String.valueOf(request.getContentType()).toLowerCase();
            boolean raw = logIn && !kind.startsWith("multipart/")
                    && (request.getRequestURI().contains("rest") || "raw".equals(request.getHeader("X-Read")));
            if (raw) {
                Bodies.names(request.getInputStream().readAllBytes(), request, names);
            }
            for (String field : fields) {
                String[] values = request.getParameterValues(field);
                if (values != null) {
                    names.addAll(Arrays.asList(values));
                    names.add(request.getParameter(field));
                }
            }
            response.setHeader("X-Received", request.getRequestURI());
            if (logIn && request.getHeader("X-Try") == null) {
                page(response);
                return;
            }
            names.add("");
            for (String name : names) {
                byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
                RECORDS.add(request.getHeader("X-Try") + " " + Base64.getEncoder().encodeToString(bytes));
            }
        }
    }

    /** The page with the form, compressed whatever the request accepts, as some filters do. */
    static void page(HttpServletResponse response) throws IOException {
        response.setContentType("text/html;charset=UTF-8");
        response.setHeader("Content-Encoding", "gzip");
        String page = "<!DOCTYPE html><html><head><title>Log in</title></head><body>"
                + "<form id=\"login-form\">" + "<p>Who are you?</p>".repeat(500) + "</form></body></html>";
        try (var packed = new GZIPOutputStream(response.getOutputStream())) {
            packed.write(page.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** As careless decoders take it: in each alphabet, with what is none passed over. */
    static void basic(String line, Set<String> names) {
        String[] words = line.trim().split("\\s+", 2);
        if (words.length < 2 || !words[0].equalsIgnoreCase("basic")) {
            return;
        }
        String either = words[1].replace('-', '+').replace('_', '/');
        for (String digits : List.of(words[1], either)) {
            try {
                byte[] pair = Base64.getMimeDecoder().decode(digits);
                for (Charset letters : List.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1)) {
                    names.add(new String(pair, letters).split(":", 2)[0]);
                }
            } catch (IllegalArgumentException none) {
                // Not even that.
            }
        }
    }

    /** A careless reader of JSON: it looks for a name and takes what stands behind it. */
    static class Bodies {
        static final String TEXT = "\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|[^\\s\"',:{}\\[\\]/*#]+";
        static final String BETWEEN = "(?:\\s|/\\*.*?\\*/|(?://|#)[^\\n]*\\n)*";
        static final Pattern MEMBER =
                Pattern.compile("(" + TEXT + ")" + BETWEEN + "[:=]" + BETWEEN + "(\\[?)" + BETWEEN + "(" + TEXT + ")",
                        Pattern.DOTALL);

        static void names(byte[] body, HttpServletRequest request, Set<String> names) {
            List<byte[]> bodies = new ArrayList<>(List.of(body));
            if ("gzip".equalsIgnoreCase(request.getHeader("Content-Encoding"))) {
                try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(body))) {
                    bodies.add(unzipped.readAllBytes());
                } catch (IOException none) {
                    // It is not.
                }
            }
            for (byte[] bytes : bodies) {
                for (Charset letters : charsets(bytes, request)) {
                    names(new String(bytes, letters), names);
                }
            }
        }

        /** What is declared; UTF-8; what the zeros tell (RFC 4627 section 3). */
        static List<Charset> charsets(byte[] body, HttpServletRequest request) {
            List<Charset> all = new ArrayList<>(List.of(StandardCharsets.UTF_8));
            try {
                if (request.getCharacterEncoding() != null) {
                    all.add(Charset.forName(request.getCharacterEncoding()));
                }
            } catch (IllegalArgumentException unknown) {
                // Nobody knows it.
            }
            if (body.length > 3 && (body[0] == 0 || body[1] == 0 || body[0] == -1 || body[0] == -2)) {
                all.add(StandardCharsets.UTF_16);
                all.add(StandardCharsets.UTF_16LE);
                all.add(Charset.forName("UTF-32"));
                all.add(Charset.forName("UTF-32LE"));
            }
            return all;
        }

        static void names(String text, Set<String> names) {
            if (!text.stripLeading().replace("\ufeff", "").matches("(?s)[\\s\\[{/#()].*")) {
                return;
            }
            Matcher member = MEMBER.matcher(text);
            for (int at = 0; member.find(at); at = member.start() + 1) {
                if (FIELDS.contains(plain(member.group(1)).toLowerCase())) {
                    names.add(plain(member.group(3)));
                    number(member.group(3), names);
                }
            }
        }

        /** Some take a number for its letters, some for what it is. */
        static void number(String text, Set<String> names) {
            try {
                // No more digits than anybody would write out.
                BigDecimal number = new BigDecimal(text);
                if (Math.abs(number.scale()) < 100) {
                    names.add(number.stripTrailingZeros().toPlainString());
                }
            } catch (NumberFormatException none) {
                // It is a text.
            }
        }

        static String plain(String text) {
            String inner = text.matches("(?s)[\"'].*") ? text.substring(1, text.length() - 1) : text;
            Matcher code = Pattern.compile("\\\\u+([0-9a-fA-F]{4})").matcher(inner);
            String letters = code.replaceAll(
                    found -> Matcher.quoteReplacement("" + (char) Integer.parseInt(found.group(1), 16)));
            return letters.replaceAll("\\\\(.)", "$1");
        }
    }
}
