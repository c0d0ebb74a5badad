#include "backend/doubt.hpp"

namespace kith::backend {

std::string_view lost_remedy(Doubt doubt) {
    switch (doubt) {
    case Doubt::none: break;
    case Doubt::statement:
        return "The connection to the server was lost before its answer arrived: it is unknown whether the statement "
               "was executed. Check for its changes before you run it again";
    case Doubt::commit:
        return "The connection to the server was lost before it answered COMMIT: it is unknown whether the transaction "
               "was committed. Check for its changes before you run it again";
    }
    return "The connection to the server was lost: the work in progress is rolled back. Try again";
}

} // namespace kith::backend
