#include "simulators/reader_device.hpp"

#include <utility>

namespace gatehouse::simulators {

void ReaderDevice::ask(Question question, VirtualTime now) {
  question_ = std::move(question);
  is_said_ = false;
  due_ = now;
  ++counts_.asked;
}

std::optional<Question> ReaderDevice::next(VirtualTime now) {
  if (!question_ || due_ > now) return std::nullopt;
  if (is_said_) ++counts_.repeated;
  is_said_ = true;
  due_ = now + repeat_after;
  return question_;
}

void ReaderDevice::hear(std::string_view id) {
  if (!question_ || question_->id != id) return;
  ++counts_.answered;
  question_.reset();
}

}  // namespace gatehouse::simulators
