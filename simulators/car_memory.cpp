#include "simulators/car_memory.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>
#include <sys/stat.h>

namespace gatehouse::simulators {
namespace {

/// What may stand between two commas.
bool is_plain(std::string_view text) {
  constexpr std::size_t longest = 100;
  return text.size() <= longest && std::ranges::none_of(text, [](char character) {
           return character == ',' || character < ' ';
         });
}

}  // namespace

std::vector<CarInside> CarMemory::read() const {
  std::vector<CarInside> cars;
  std::ifstream file(path_);
  for (std::string line; std::getline(file, line);) {
    const auto first = line.find(',');
    const auto second = first == std::string::npos ? first : line.find(',', first + 1);
    if (first == 0 || second == std::string::npos) continue;
    CarInside car{.vehicle_number = line.substr(0, first),
                  .code = line.substr(first + 1, second - first - 1),
                  .bay = {}};
    const auto bay = std::ranges::find(slots_, line.substr(second + 1));
    if (bay != slots_.end()) car.bay = static_cast<std::uint32_t>(bay - slots_.begin());
    cars.push_back(std::move(car));
  }
  return cars;
}

void CarMemory::write(const std::vector<CarInside>& cars) {
  if (path_.empty()) return;
  std::string text;
  for (const auto& car : cars) {
    if (!is_plain(car.code) || !is_plain(car.vehicle_number)) continue;
    text += fmt::format("{},{},{}\n", car.vehicle_number, car.code,
                        car.bay ? slots_.at(*car.bay) : std::string());
  }
  if (text == written_) return;
  // Whole or not at all, whenever this program is killed.
  const auto draft = path_ + ".new";
  {
    std::ofstream file(draft);
    chmod(draft.c_str(), S_IRUSR | S_IWUSR);
    file << text;
    if (!file.flush()) throw std::runtime_error(fmt::format("{}: cannot be written", draft));
  }
  std::filesystem::rename(draft, path_);
  written_ = std::move(text);
}

}  // namespace gatehouse::simulators
