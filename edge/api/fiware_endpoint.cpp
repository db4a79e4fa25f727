// GET /api/public/fiware/: the lot as Smart Data Models tell of parking, for cities and the India
// Urban Data Exchange: an OffStreetParking and its ParkingSpots, key-values NGSI
// (github.com/smart-data-models/dataModel.Parking). Occupancy is 0 to 1 there, places are
// longitude first.
#include "edge/api/endpoints.hpp"
#include "edge/api/reading.hpp"

#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::api {
namespace {

std::string_view spot_status(SlotStatus status) {
  switch (status) {
    case SlotStatus::free:
      return "free";
    case SlotStatus::occupied:
      return "occupied";
    case SlotStatus::unknown:
      return "unknown";
    case SlotStatus::reserved:
    case SlotStatus::out_of_service:
      return "closed";
  }
  return "unknown";
}

std::string degrees(double angle) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), angle, std::chars_format::fixed, 6);
  return {text.data(), end.ptr};
}

void add_location(Fields& fields, const LotAbout& about) {
  const bool is_known = about.latitude != 0 || about.longitude != 0;
  if (!is_known) return;
  fields.nested("location", R"({"type":"Point","coordinates":[)" + degrees(about.longitude) + ',' +
                                degrees(about.latitude) + "]}");
}

/// A count of thousandths as a number from 0 to 1: `0.389`.
std::string ratio(std::uint32_t permille) {
  return permille >= 1000 ? "1.0" : "0." + std::to_string(1000 + permille).substr(1);
}

std::string lot_status(const engine::Availability& lot) {
  if (!lot.active) return R"(["closed"])";
  return lot.available == 0 ? R"(["open","full"])" : R"(["open","spacesAvailable"])";
}

Fields site(const ReadingRoom& room, const engine::LotView::Snapshot& shown,
            const std::string& id) {
  const engine::Availability& lot = shown.lot;
  const std::uint32_t occupied = lot.counts.of(SlotStatus::occupied);
  Fields slots;
  slots.number("totalSpotNumber", lot.counts.total())
      .number("availableSpotNumber", lot.available)
      .number("occupiedSpotNumber", occupied);
  Fields fields;
  fields.text("id", id)
      .text("type", "OffStreetParking")
      .text("name", room.premises.plan.lot_name())
      .nested("category", R"(["parkingLot","public","feeCharged","barrierAccess"])")
      .nested("allowedVehicleType", R"(["car"])");
  add_location(fields, room.about);
  if (!room.about.address.empty()) {
    Fields address;
    address.text("type", "PostalAddress").text("streetAddress", room.about.address);
    fields.nested("address", address.json());
  }
  fields.nested("status", lot_status(lot))
      .number("totalSpotNumber", lot.counts.total())
      .number("availableSpotNumber", lot.available)
      .number("occupiedSpotNumber", occupied)
      .number("outOfServiceSlotNumber", lot.counts.of(SlotStatus::out_of_service))
      .nested("occupancy", ratio(lot.counts.occupancy_permille()))
      .time("occupancyModified", lot.at)
      .nested("occupancyDetectionType", R"(["singleSpaceDetection"])")
      .nested("fourWheelerSlots", slots.json())
      .text("priceCurrency", room.about.currency)
      .time("observationDateTime", room.clock.now().utc);
  return fields;
}

Fields spot(const ReadingRoom& room, const SlotPlan& slot, const engine::SlotShown& shown,
            const std::string& site_id) {
  Fields fields;
  fields
      .text("id", "urn:ngsi-ld:ParkingSpot:gatehouse:" + room.premises.plan.lot().text() + ':' +
                      slot.id.text())
      .text("type", "ParkingSpot")
      .text("name", slot.id.text())
      .nested("category", R"(["offStreet"])");
  add_location(fields, room.about);
  fields.text("status", spot_status(shown.status))
      .time("dateModified", shown.since)
      .text("refParkingSite", site_id);
  return fields;
}

Asked ask_fiware(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [&room](store::Reader& /*reader*/) {
    const LotPlan& plan = room.premises.plan;
    const engine::LotView::Snapshot shown = room.view.snapshot();
    const std::string site_id = "urn:ngsi-ld:OffStreetParking:gatehouse:" + plan.lot().text();
    std::vector<Fields> entities{site(room, shown, site_id)};
    for (std::size_t i = 0; i < plan.slots().size(); ++i)
      entities.push_back(spot(room, plan.slots()[i], shown.slots[i], site_id));
    Response response;
    response.body = json_array(entities);
    return response;
  };
}

}  // namespace

void add_fiware_endpoint(std::vector<Route>& routes, const ReadingRoom& room) {
  routes.push_back({Method::get, "/api/public/fiware/", Access::anyone, reading(room, ask_fiware)});
}

}  // namespace gatehouse::api
