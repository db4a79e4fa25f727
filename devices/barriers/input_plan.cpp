#include "devices/barriers/input_plan.hpp"

#include <algorithm>
#include <tuple>

namespace gatehouse::devices {
namespace {

struct Wanted {
  ModbusAddress address;
  bool is_counter = false;
};

std::vector<Wanted> everything_read(const BarrierProfile& profile) {
  std::vector<Wanted> wanted;
  for (const auto* input : {&profile.arm_open, &profile.arm_closed, &profile.presence,
                            &profile.safety, &profile.fault}) {
    if (input->has_value()) wanted.push_back({(*input)->read, false});
  }
  if (profile.cycles) {
    for (std::uint16_t word = 0; word < profile.cycles->words; ++word) {
      ModbusAddress address = profile.cycles->read;
      address.address = static_cast<std::uint16_t>(address.address + word);
      wanted.push_back({address, true});
    }
  }
  std::ranges::sort(wanted, {}, [](const Wanted& each) {
    return std::tuple(each.address.space, each.address.address);
  });
  return wanted;
}

}  // namespace

InputPlan::InputPlan(const BarrierProfile& profile) : profile_(profile) {
  for (const Wanted& wanted : everything_read(profile)) {
    if (!blocks_.empty()) {
      ReadBlock& last = blocks_.back();
      const int offset = wanted.address.address - last.first.address;
      if (wanted.address.space == last.first.space && offset <= last.count) {
        last.count = std::max(last.count, static_cast<std::uint16_t>(offset + 1));
        last.counter_only = last.counter_only && wanted.is_counter;
        continue;
      }
    }
    blocks_.push_back({wanted.address, 1, wanted.is_counter});
  }
}

const std::uint16_t* InputPlan::find(const ModbusAddress& address, Answers answers) const {
  for (std::size_t i = 0; i < blocks_.size() && i < answers.size(); ++i) {
    const ReadBlock& block = blocks_[i];
    if (block.first.space != address.space || address.address < block.first.address) continue;
    const auto offset = static_cast<std::size_t>(address.address - block.first.address);
    if (offset < answers[i].size()) return &answers[i][offset];
  }
  return nullptr;
}

bool InputPlan::is_on(const std::optional<BarrierInput>& input, Answers answers) const {
  if (!input) return false;
  const std::uint16_t* value = find(input->read, answers);
  if (value == nullptr) return false;
  if (input->not_value) return *value != *input->not_value;
  if (!input->values.empty())
    return std::ranges::find(input->values, *value) != input->values.end();
  return *value != 0;
}

ArmInputs InputPlan::decode(Answers answers) const {
  ArmInputs inputs{.arm_open = is_on(profile_.arm_open, answers),
                   .arm_closed = is_on(profile_.arm_closed, answers),
                   .presence = is_on(profile_.presence, answers),
                   .safety = is_on(profile_.safety, answers),
                   .fault = is_on(profile_.fault, answers),
                   .cycles = {}};
  if (!profile_.cycles) return inputs;
  ModbusAddress address = profile_.cycles->read;
  const std::uint16_t* first = find(address, answers);
  if (first == nullptr || profile_.cycles->words == 1) {
    if (first != nullptr) inputs.cycles = *first;
    return inputs;
  }
  ++address.address;
  const std::uint16_t* second = find(address, answers);
  if (second == nullptr) return inputs;
  const bool high_first = profile_.cycles->high_word_first;
  const std::uint32_t high = high_first ? *first : *second;
  const std::uint32_t low = high_first ? *second : *first;
  inputs.cycles = (high << 16) | low;
  return inputs;
}

}  // namespace gatehouse::devices
