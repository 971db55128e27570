#include "http/problem.hpp"

#include <boost/beast/http/status.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace habitd {

http_response problem(int status, std::string detail) {
  http_response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.detail = std::move(detail);
  return response;
}

http_response to_problem(const error& err) {
  switch (code_of(err)) {
  case ec::not_found:
    return problem(404, describe(err));
  case ec::invalid_input:
    return problem(400, describe(err));
  case ec::busy:
    return problem(409, describe(err));
  case ec::unavailable:
    return problem(503, describe(err));
  case ec::corrupt_data:
  case ec::unexpected:
    break;
  }
  auto response = problem(500, "internal error; the log has more under this instance");
  response.log = describe(err);
  return response;
}

std::string render_problem(int status, const std::string& detail,
                           const std::string& correlation_id) {
  namespace http = boost::beast::http;
  const auto title =
    http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
  boost::json::object body;
  body["type"] = "about:blank"; // the status says what kind it is (RFC 9457, 4.2.1)
  body["title"] = std::string{title};
  body["status"] = status;
  body["detail"] = detail;
  body["instance"] = "urn:uuid:" + correlation_id;
  return boost::json::serialize(body);
}

} // namespace habitd
