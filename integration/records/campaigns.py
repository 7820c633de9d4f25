"""Pages, messages and campaigns."""

from integration.records._core import Commanded, SObject


class Brand(SObject):
    """A look and a legal sender."""

    API_NAME = "Brand__c"
    KEY = "Key__c"
    LOGO_URL = "Logo_URL__c"
    PRIMARY_COLOR = "Primary_Color__c"
    BACKGROUND_COLOR = "Background_Color__c"
    TEXT_COLOR = "Text_Color__c"
    FONT = "Font__c"
    FROM_NAME = "From_Name__c"
    FROM_ADDRESS = "From_Address__c"
    MAIL_CAP = "Mail_Cap__c"
    MAIL_CAP_DAYS = "Mail_Cap_Days__c"
    QUIET_DAYS = "Quiet_Days__c"
    DAILY_LIMIT = "Daily_Limit__c"
    WARM_UP_FROM = "Warm_Up_From__c"
    POSTAL_ADDRESS = "Postal_Address__c"
    PRIVACY_URL = "Privacy_URL__c"


class LandingPage(Commanded):
    """A micro site."""

    API_NAME = "Landing_Page__c"
    SLUG = "Slug__c"
    BRAND = "Brand__c"
    POOL = "Pool__c"
    HEADLINE = "Headline__c"
    INTRO = "Intro__c"
    BLOCKS = "Blocks__c"
    LANGUAGE = "Language__c"
    TRANSLATION_OF = "Translation_Of__c"
    CONSENT_TEXT = "Consent_Text__c"
    DOUBLE_OPT_IN = "Double_Opt_In__c"
    REQUISITION = "Requisition__c"
    LIVE_VERSION = "Live_Version__c"
    URL = "URL__c"
    VISITS = "Visits__c"
    REGISTRATIONS = "Registrations__c"


class MessageTemplate(Commanded):
    """A reusable mail."""

    API_NAME = "Message_Template__c"
    SUBJECT = "Subject__c"
    BODY = "Body__c"
    TEXT = "Text__c"
    LANGUAGE = "Language__c"
    TRANSLATION_OF = "Translation_Of__c"
    PREVIEW_URL = "Preview_URL__c"
    FINDINGS = "Findings__c"


class RecruitingCampaign(Commanded):
    """A campaign."""

    API_NAME = "Recruiting_Campaign__c"
    KIND = "Kind__c"
    BRAND = "Brand__c"
    CHANNEL = "Channel__c"
    REQUISITION = "Requisition__c"
    SENDER = "Sender__c"
    START_AT = "Start_At__c"
    WINDOW_START = "Window_Start__c"
    WINDOW_END = "Window_End__c"
    TIME_ZONE_MODE = "Time_Zone_Mode__c"
    TIME_ZONE = "Time_Zone__c"
    THROTTLE = "Throttle__c"
    GOAL = "Goal__c"
    HOLD_OUT_PERCENT = "Hold_Out_Percent__c"
    APPROVED_BY = "Approved_By__c"
    APPROVED_AT = "Approved_At__c"
    TEST_ADDRESS = "Test_Address__c"
    PURPOSE = "Purpose__c"
    LAUNCHED_AT = "Launched_At__c"
    EXPLAIN_CANDIDATE = "Explain_Candidate__c"
    EXPLANATION = "Explanation__c"
    ENDS_ON = "Ends_On__c"
    WORKING_DAYS_ONLY = "Working_Days_Only__c"
    DELIVERY_NOTES = "Delivery_Notes__c"
    EXPECTED_END = "Expected_End__c"
    AUDIENCE_SIZE = "Audience_Size__c"
    SENT = "Sent__c"
    DELIVERED = "Delivered__c"
    BOUNCED = "Bounced__c"
    COMPLAINED = "Complained__c"
    UNSUBSCRIBED = "Unsubscribed__c"
    SUPPRESSED = "Suppressed__c"
    FAILED = "Failed__c"
    IN_DOUBT = "In_Doubt__c"
    PENDING = "Pending__c"
    HUMAN_OPENS = "Human_Opens__c"
    HUMAN_CLICKS = "Human_Clicks__c"
    MACHINE_OPENS = "Machine_Opens__c"
    MACHINE_CLICKS = "Machine_Clicks__c"
    APPLICATIONS = "Applications__c"
    HIRES = "Hires__c"


class CampaignAudience(SObject):
    """A pool in or out of a campaign."""

    API_NAME = "Campaign_Audience__c"
    CAMPAIGN = "Campaign__c"
    POOL = "Pool__c"
    KEY = "Key__c"
    MODE = "Mode__c"


class CampaignStep(SObject):
    """One message or wait."""

    API_NAME = "Campaign_Step__c"
    CAMPAIGN = "Campaign__c"
    KEY = "Key__c"
    ORDER = "Order__c"
    DELAY_DAYS = "Delay_Days__c"
    WAIT_FOR = "Wait_For__c"
    TEMPLATE = "Template__c"
    CONDITION = "Condition__c"
    VARIANT = "Variant__c"
    VERSION = "Version__c"
    SENT = "Sent__c"
    DELIVERED = "Delivered__c"
    HUMAN_OPENS = "Human_Opens__c"
    HUMAN_CLICKS = "Human_Clicks__c"


class CampaignEnrollment(SObject):
    """A candidate in a campaign."""

    API_NAME = "Campaign_Enrollment__c"
    CAMPAIGN = "Campaign__c"
    CANDIDATE = "Candidate__c"
    KEY = "Key__c"
    STATE = "State__c"
    STEP = "Step__c"
    EXIT_REASON = "Exit_Reason__c"
    SENT = "Sent__c"
    HUMAN_OPENS = "Human_Opens__c"
    HUMAN_CLICKS = "Human_Clicks__c"
    MACHINE_EVENTS = "Machine_Events__c"
    APPLIED_AT = "Applied_At__c"
    ENROLLED_AT = "Enrolled_At__c"
    NEXT_STEP_AT = "Next_Step_At__c"


class CampaignLink(SObject):
    """One link of one step."""

    API_NAME = "Campaign_Link__c"
    CAMPAIGN = "Campaign__c"
    STEP = "Step__c"
    KEY = "Key__c"
    TARGET = "Target__c"
    TARGET_HASH = "Target_Hash__c"
    HUMAN_CLICKS = "Human_Clicks__c"
    MACHINE_CLICKS = "Machine_Clicks__c"
